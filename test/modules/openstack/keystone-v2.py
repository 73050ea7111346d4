"""Keystone as Kilo had it on port 35357: its API v2.0, made of today's v3, which is all that today's Keystone speaks and is passed on. Every
password, signature and token is Keystone's to judge. The administrator's password comes on standard input."""
import hashlib
import http.server
import json
import sys
import urllib.error
import urllib.request

from keystoneclient.contrib.ec2.utils import Ec2Signer

KEYSTONE = 'http://127.0.0.1:5000'
DEFAULT = {'name': 'Default'}
ADMIN = ('admin', sys.stdin.read().rstrip('\n'), 'admin')


def ask(method, path, body=None, **headers):
    """What Keystone answers: status, token and body."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(KEYSTONE + path, data, {'content-type': 'application/json', **headers}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()


def access(status, headers, body):
    """The answer of v2.0 that says what this one of v3 does."""
    if status >= 400:
        return status, headers, body
    token = json.loads(body)['token']
    project, user = token['project'], token['user']
    told = {
        'token': {'id': headers['x-subject-token'], 'expires': token['expires_at'], 'tenant': {'id': project['id'], 'name': project['name']}},
        'user': {'id': user['id'], 'name': user['name'], 'username': user['name'], 'roles': [{'name': role['name']} for role in token['roles']]},
        'serviceCatalog': [],
    }
    return 200, headers, json.dumps({'access': told}).encode()


def log_in(user, password, project):
    identity = {'methods': ['password'], 'password': {'user': {'name': user, 'domain': DEFAULT, 'password': password}}}
    scope = {'project': {'name': project, 'domain': DEFAULT}}
    return ask('POST', '/v3/auth/tokens', {'auth': {'identity': identity, 'scope': scope}})


def tokens(body):
    login = body['auth']['passwordCredentials']
    return access(*log_in(login['username'], login['password'], body['auth']['tenantName']))


def s3tokens(body):
    """Kilo's told whoever asked, and gave a token; v3 tells services alone, and gives none: it gives one for a signature of EC2's."""
    admin = log_in(*ADMIN)[1]['x-subject-token']
    judged = ask('POST', '/v3/s3tokens', body, **{'x-auth-token': admin})
    if judged[0] >= 400:
        return judged
    key = body['credentials']['access']
    stored = ask('GET', '/v3/credentials/' + hashlib.sha256(key.encode()).hexdigest(), **{'x-auth-token': admin})
    secret = json.loads(json.loads(stored[2])['credential']['blob'])['secret']
    params = {'AWSAccessKeyId': key, 'SignatureVersion': '2', 'SignatureMethod': 'HmacSHA256'}
    signed = {'access': key, 'verb': 'GET', 'host': 'localhost', 'path': '/', 'params': params}
    signed['signature'] = Ec2Signer(secret).generate(signed)
    return access(*ask('POST', '/v3/ec2tokens', {'credentials': signed}, **{'x-auth-token': admin}))


OLD = {'/v2.0/tokens': tokens, '/v2.0/s3tokens': s3tokens}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self):
        body = self.rfile.read(int(self.headers.get('content-length', 0))) or None
        if self.path in OLD:
            status, headers, told = OLD[self.path](json.loads(body))
        else:
            passed = {name: value for name, value in self.headers.items() if name.lower().startswith(('x-', 'accept'))}
            status, headers, told = ask(self.command, self.path, body, **passed)
        self.send_response(status)
        for name in ('content-type', 'x-subject-token', 'vary'):
            if headers[name]:
                self.send_header(name, headers[name])
        self.send_header('content-length', str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = answer


http.server.ThreadingHTTPServer(('', 35357), Handler).serve_forever()
