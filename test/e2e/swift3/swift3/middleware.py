"""Swift3 as proxy-server.conf names it. Its own code is for Python 2 and the Swift of its time: the middleware that came of it, s3api of
today's Swift, reads the requests and writes the answers; what differs is what Swift3 hands to the filters behind it."""
import base64

from swift.common.middleware.s3api.s3api import S3ApiMiddleware


class ForS3Token:
    """Gives s3_token of keystonemiddleware what it looks for: the signature, and in place of a token what was signed."""

    def __init__(self, app):
        self.app = app

    def __call__(self, env, start_response):
        details = env.get('s3api.auth_details')
        if details:
            env['HTTP_AUTHORIZATION'] = 'AWS %s:%s' % (details['access_key'], details['signature'])
            env['HTTP_X_AUTH_TOKEN'] = base64.urlsafe_b64encode(details['string_to_sign']).decode()
        return self.app(env, start_response)


class Swift3Middleware(S3ApiMiddleware):
    def __init__(self, app, conf):
        # Swift3 shows containers with any name.
        super().__init__(ForS3Token(app), {**conf, 'dns_compliant_bucket_names': 'no'})

    def check_pipeline(self, conf):
        """s3api would look for its own name there, and for s3token behind authtoken."""


def filter_factory(global_conf, **local_conf):
    return lambda app: Swift3Middleware(app, {**global_conf, **local_conf})
