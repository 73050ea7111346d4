"""Renders templates with Jinja2: JSON in, JSON out. Each result is {"text": …} or {"error": the exception's name}."""
import json
import sys

import jinja2

request = json.load(sys.stdin)
environment = jinja2.Environment(
    trim_blocks=True,
    keep_trailing_newline=True,
    undefined=jinja2.StrictUndefined,
    # As in Ansible, a template that is brought in has no line end at its end.
    loader=jinja2.DictLoader({name: text.removesuffix("\n") for name, text in request.get("partials", {}).items()}),
    # As Ansible sets it up.
    finalize=lambda value: "" if value is None else list(value) if isinstance(value, range) else value,
    extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
)


def render(source):
    try:
        return {"text": environment.from_string(source).render(json.loads(json.dumps(request["variables"])))}
    except Exception as error:
        return {"error": type(error).__name__}


json.dump([render(source) for source in request["templates"]], sys.stdout)
