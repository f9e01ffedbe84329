"""Evaluations without a pause, each of which is checked and counted by how it ended."""
import http.client
import json
import threading
import time


class Load:
    """Threads that ask a relay for one flag. `refusals_allowed`: connections may be refused or lost, as while it is killed."""

    def __init__(self, port, key, flag, allowed, threads=4, losses_allowed=False, per_connection=0):
        self.port, self.flag, self.allowed, self.losses_allowed = port, flag, allowed, losses_allowed
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self.per_connection = per_connection  # requests; 0: as many as the relay allows
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.answered = self.lost = 0  # lost: sent, with no answer
        self.wrong = []
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(60)

    def _count(self, name):
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)

    def _run(self):
        while not self.ending.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.connect()
            except OSError as error:
                self._note(f"not connected: {error!r}")
                self.ending.wait(0.01)  # the relay is away
                continue
            asked = 0
            while not self.ending.is_set() and (asked < self.per_connection or not self.per_connection):
                asked += 1
                if not self._ask(connection):
                    break
            connection.close()

    def _note(self, problem):
        if not self.losses_allowed:
            self.wrong.append(f"{time.strftime('%H:%M:%S')} {problem}")

    def _ask(self, connection):
        """False: the connection is not to be used again."""
        try:
            connection.request("POST", f"/ofrep/v1/evaluate/flags/{self.flag}", b'{"context":{"targetingKey":"u"}}', self.headers)
            reply = connection.getresponse()
            body = reply.read()
        except (OSError, http.client.HTTPException) as error:
            self._count("lost")
            self._note(f"lost: {error!r}")
            return False
        self._count("answered")
        if reply.status != 200 or json.loads(body).get("value") not in self.allowed:
            self.wrong.append(f"{reply.status} {body[:300]}")
        return not reply.will_close

    def check(self, least=1):
        assert not self.wrong, f"{len(self.wrong)} of {self.answered}: {self.wrong[:5]}"
        assert self.answered >= least, self.answered
