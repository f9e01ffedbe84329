"""Prometheus' HTTP API: instant queries that give one number, or one for each series."""
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

from delivery.errors import NoPrometheus


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Where a token is sent is what the person named, and nothing that a server names."""

    def redirect_request(self, *_):
        return None


class Prometheus:
    def __init__(self, url, token="", ca_file=None, timeout=10):
        scheme = urllib.parse.urlsplit(url).scheme
        if scheme not in ("http", "https"):
            raise NoPrometheus(f"--prometheus {url}: it is an http or https URL")
        self.url, self.timeout = url.rstrip("/"), timeout
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        handlers = [NoRedirect(), urllib.request.ProxyHandler({})]
        if scheme == "https":
            try:
                handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca_file)))
            except (OSError, ssl.SSLError) as error:
                raise NoPrometheus(f"--prometheus-ca {ca_file}: {error}") from None
        self.opener = urllib.request.build_opener(*handlers)

    def series(self, query):
        """[(labels, number)] of a query's answer. NoPrometheus if there is none."""
        body = urllib.parse.urlencode({"query": query}).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/query", data=body, headers=self.headers)
        try:
            with self.opener.open(request, timeout=self.timeout) as reply:
                answer = json.load(reply)
        except urllib.error.HTTPError as error:
            raise NoPrometheus(f"Prometheus at {self.url} answers {error.code}: {explanation(error.read())}") from None
        except (OSError, ValueError) as error:
            raise NoPrometheus(f"no Prometheus answers at {self.url}: {error}") from None
        try:
            data = answer["data"]
            if data["resultType"] == "scalar":
                return [({}, float(data["result"][1]))]
            return [(each["metric"], float(each["value"][1])) for each in data["result"]]
        except (KeyError, TypeError, ValueError, IndexError):
            raise NoPrometheus(f"what answers at {self.url} is no Prometheus: {str(answer)[:200]}") from None

    def number(self, query):
        """The one number of its answer; None if there is not exactly one."""
        found = self.series(query)
        return found[0][1] if len(found) == 1 else None

    def time(self):
        return self.number("time()")


def explanation(body):
    try:
        return json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return body[:200].decode(errors="replace")
