"""A control plane whose database a newer program has migrated, and one whose database is not migrated yet."""
import pathlib
import subprocess

from support.processes import http, wait_for
from support.stack import BIN, Admin


def sql(stack, script):
    lines = next((stack.dir / "pg").rglob("postmaster.pid")).read_text().splitlines()
    server = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/psql"))[-1]
    done = subprocess.run([server, "-X", "-Atq", "-v", "ON_ERROR_STOP=1", "-h", lines[4].strip(), "-p", lines[3].strip(), "-U", "fanion",
                           "-d", "fanion", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def run(stack, *arguments):
    done = subprocess.run([str(part) for part in (BIN / "fanion-control-plane", *arguments, *stack._database())],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


def readiness(service):
    answer = http("GET", service.operators + "/readyz")
    return answer.status, answer.body.decode()


def add_migration(stack, version, compatible_from):
    sql(stack, "INSERT INTO fanion.schema_migrations (version, name, sha256, compatible_from) VALUES "
               f"({version}, 'of_a_newer_program', sha256('newer'), {compatible_from})")


def test_programs_go_on_beside_migrations_that_say_so_and_end_with_others(stack):
    known = int(sql(stack, "SELECT max(version) FROM fanion.schema_migrations"))
    second = stack.add_control_plane("control-2").start()
    add_migration(stack, known + 1, known)
    code, out, _ = run(stack, "migrate")
    assert (code, out) == (0, "0 migrations applied\n"
                              f"the database is at schema version {known + 1}, this program knows {known} and goes on working with it\n")
    assert run(stack, "migrate", "--check")[0] == 0
    # A replica that is started again meanwhile, as after a crash or when an upgrade is taken back.
    second.process.kill()
    second.start()
    assert '"event":"schema_newer"' in second.process.tail()
    Admin(second.url, stack.admin.token).call("POST", f"{stack.home}/flags", {"key": "f", "type": "boolean"})
    assert readiness(stack.control)[0] == 200

    add_migration(stack, known + 2, known + 1)
    for service in (stack.control, second):
        wait_for(lambda s=service: readiness(s)[0] == 503, f"{service.name} notices the schema")
        assert "the database was migrated to a schema that needs a newer program" in readiness(service)[1]
        assert '"event":"schema_ahead"' in service.process.tail()
    said = f"the database is at schema version {known + 2}, this program knows {known} and would have to know {known + 1}: start a newer program"
    for command in ("migrate", "serve"):
        code, _, err = run(stack, command)
        assert code == 1 and said in err, err
    sql(stack, f"DELETE FROM fanion.schema_migrations WHERE version = {known + 2}")
    for service in (stack.control, second):
        wait_for(lambda s=service: readiness(s)[0] == 200, f"{service.name} is ready again")


def test_a_program_without_its_schema_says_what_to_do(stack):
    known = int(sql(stack, "SELECT max(version) FROM fanion.schema_migrations"))
    sql(stack, f"DELETE FROM fanion.schema_migrations WHERE version = {known}")
    for command in (("migrate", "--check"), ("serve",)):
        code, _, err = run(stack, *command)
        assert code == 1 and (f"the database is at schema version {known - 1} of {known}: run `fanion-control-plane migrate`, or serve "
                              "with --migrate") in err, err
