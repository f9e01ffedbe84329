"""The packages of a build: fields, files, scripts, services, documents.

FANION_BIN is the folder with the programs of a release build; without one there is nothing to look at.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from debian_package import PLAIN, ROOT, make_packages, run

BIN = pathlib.Path(os.environ["FANION_BIN"]).resolve()
BUILD = BIN.parent
SKIPPED = 77  # SKIP_RETURN_CODE
SERVICES = ("relay", "control-plane")
UNITS = ("fanion-relay.service", "fanion-control-plane.service", "fanion-backup.service", "fanion-backup.timer")
CONFIGURATIONS = {"fanion-relay": "relay.conf", "fanion-control-plane": "control-plane.conf", "fanion-cli": "backup.env"}
SECURITY_LIMIT = 20  # tenths of systemd-analyze's exposure


def setUpModule():
    global work, packages, root
    work = tempfile.TemporaryDirectory(prefix="fanion-packages-")
    packages = make_packages(BUILD, pathlib.Path(work.name, "packages"))
    root = pathlib.Path(work.name, "root")
    root.mkdir()
    for package in packages.values():
        package.extract(root)


def tearDownModule():
    work.cleanup()


def output_of(*command):
    """Both outputs, whatever the exit code."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600, env=PLAIN)
    return done.stdout + done.stderr


class Packages(unittest.TestCase):
    def test_there_is_one_for_each_part(self):
        self.assertLessEqual({"fanion-cli", "fanion-control-plane", "fanion-relay"}, set(packages))
        self.assertLessEqual(set(packages), {"fanion-cli", "fanion-control-plane", "fanion-relay", "libfanion-eval-dev"})

    def test_their_fields_say_what_they_need(self):
        for name, package in packages.items():
            with self.subTest(name):
                self.assertTrue(package.control["Description"])
                self.assertRegex(package.control["Version"], r"^\d+\.\d+\.\d+$")
                self.assertEqual(package.control["Architecture"], run("dpkg", "--print-architecture").strip())
        self.assertIn("libpq5", packages["fanion-control-plane"].control["Depends"])
        self.assertIn("postgresql", packages["fanion-control-plane"].control["Recommends"])
        self.assertIn("postgresql-client-15", packages["fanion-cli"].control["Recommends"])
        for name in CONFIGURATIONS:
            self.assertIn("adduser", packages[name].control["Depends"])
        for name in ("fanion-relay", "fanion-control-plane"):
            self.assertRegex(packages[name].control["Depends"], r"libgrpc\+\+1")
        self.assertNotIn("grpc", packages["fanion-cli"].control["Depends"])

    def test_their_files_are_where_they_belong(self):
        wanted = {
            "fanion-cli": {"/usr/bin/fanion", "/usr/share/man/man1/fanion.1.gz", "/usr/share/man/man1/fanion-flag.1.gz",
                           "/usr/share/bash-completion/completions/fanion", "/usr/share/zsh/vendor-completions/_fanion",
                           "/usr/share/fish/vendor_completions.d/fanion.fish", "/etc/fanion/backup.env",
                           "/lib/systemd/system/fanion-backup.service", "/lib/systemd/system/fanion-backup.timer"},
            "fanion-relay": {"/usr/bin/fanion-relay", "/usr/lib/fanion/fanion-relay-grpc.so", "/etc/fanion/relay.conf",
                             "/lib/systemd/system/fanion-relay.service", "/usr/share/man/man8/fanion-relay.8.gz"},
            "fanion-control-plane": {"/usr/bin/fanion-control-plane", "/etc/fanion/control-plane.conf",
                                     "/lib/systemd/system/fanion-control-plane.service",
                                     "/usr/share/man/man8/fanion-control-plane.8.gz"}}
        for name, files in wanted.items():
            found = packages[name].files()
            documents = {f"/usr/share/doc/{name}/{file}" for file in ("changelog.gz", "copyright")}
            with self.subTest(name):
                self.assertLessEqual(files | documents, set(found))
                pages = {path for path in found if path.startswith("/usr/share/man/man1/fanion-")}
                built = {"/usr/share/fanion/dashboard.tar"} if name == "fanion-control-plane" else set()  # where there is npm
                self.assertEqual(set(found) - pages - built, (files - pages) | documents)
                self.assertEqual({owner for _, owner in found.values()}, {"root/root"})
                executable = {path for path, (mode, _) in found.items() if mode == "-rwxr-xr-x"}
                self.assertEqual(executable, {path for path in found if path.startswith("/usr/bin/")})

    def test_programs_are_hardened_and_stripped(self):
        programs = [path for path in (root / "usr").rglob("*")
                    if path.parent.name == "bin" or path.suffix in (".so", ".a")]
        self.assertGreaterEqual(len(programs), 4)
        self.assertEqual(run(ROOT / "tests/packages/check_hardening", *programs), "")
        for path in programs:
            if path.suffix != ".a":
                self.assertNotIn(".symtab", run("readelf", "-SW", path))

    def test_scripts_and_configuration_files(self):
        for name, configuration in CONFIGURATIONS.items():
            scripts = packages[name].scripts(work.name)
            with self.subTest(name):
                self.assertEqual(scripts["conffiles"].read_text(), f"/etc/fanion/{configuration}\n")
                for script in ("postinst", "prerm", "postrm"):
                    self.assertEqual(scripts[script].stat().st_mode & 0o777, 0o755)
                    self.assertNotRegex(scripts[script].read_text(), r"(?m)@|^\w+=$")
                    run("sh", "-n", scripts[script])

    def test_a_component_installs_the_program_and_its_dashboard(self):
        for component, program in (("cli", "fanion"), ("relay", "fanion-relay"), ("control-plane", "fanion-control-plane")):
            folder = pathlib.Path(work.name, "component", component)
            run("cmake", "--install", BUILD, "--component", component, "--prefix", "/usr", env={"DESTDIR": str(folder)})
            expected = {f"usr/bin/{program}"}
            if component == "control-plane" and (BUILD / "share/fanion/dashboard.tar").exists():
                expected.add("usr/share/fanion/dashboard.tar")
            self.assertEqual({path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}, expected)


class Services(unittest.TestCase):
    def unit(self, service):
        return (root / f"lib/systemd/system/fanion-{service}.service").read_text()

    def test_systemd_accepts_them(self):
        shell = root / "bin/sh"  # which the units use, and every machine has
        shell.parent.mkdir()
        shell.touch(0o755)
        for unit in UNITS:
            # Of what is not in these packages, such as the network, it reports nothing.
            self.assertEqual(output_of("systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no", unit), "")

    def test_little_is_open_to_them(self):
        for unit in UNITS[:3]:
            run("systemd-analyze", "security", "--offline=true", f"--threshold={SECURITY_LIMIT}", f"--root={root}", unit)

    def test_backups_have_settings_that_the_command_line_reads(self):
        read = run(root / "usr/bin/fanion", "backup", "--help") + run("man", "-l", root / "usr/share/man/man1/fanion-backup.1.gz")
        names = re.findall(r"^#([A-Z_]+)=", (root / "etc/fanion/backup.env").read_text(), re.M)
        self.assertGreater(len(names), 5)
        for name in names:
            if not name.startswith("AWS_"):  # those of every program that knows such buckets
                self.assertIn(name, read)
        done = subprocess.run([root / "usr/bin/fanion", "backup"], capture_output=True, text=True, timeout=600, env=PLAIN)
        self.assertEqual((done.returncode, done.stderr.count("FANION_BACKUP_PLACE")), (2, 1), done.stderr)

    def test_they_load_the_credentials_of_the_options(self):
        for service in SERVICES:
            loaded = re.findall(r"^LoadCredential=(\S+)$", self.unit(service), re.M)
            page = run("man", "-l", root / f"usr/share/man/man8/fanion-{service}.8.gz", env={"MANWIDTH": "200"})
            credentials = page.split("\nCREDENTIALS\n")[1].split("\nSIGNALS\n")[0]
            self.assertEqual(loaded, re.findall(r"^ +(fanion\.[a-z-]+)", credentials, re.M))
            self.assertGreater(len(loaded), 5)

    def test_their_configuration_lacks_only_what_is_ones_own(self):
        done = subprocess.run([root / "usr/bin/fanion-relay", "--config", root / "etc/fanion/relay.conf"], capture_output=True, text=True,
                              timeout=600, env=PLAIN)
        self.assertEqual([line.split(":")[1].strip() for line in done.stderr.splitlines()], ["--upstream", "--key-file", "--trust"])
        self.assertEqual(done.returncode, 2)

    def test_the_programs_read_their_configuration_as_they_wrote_it(self):
        for service in SERVICES:
            file = root / f"etc/fanion/{service}.conf"
            written = run(root / f"usr/bin/fanion-{service}", "--config", file, "--help-config")
            self.assertTrue(file.read_text().endswith("\n\n" + written), written)
            self.assertGreater(len(re.findall(r"^[a-z-]+ =", written, re.M)), 2)


class Documents(unittest.TestCase):
    def test_manual_pages_are_set_without_warnings(self):
        pages = sorted((root / "usr/share/man").rglob("*.gz"))
        self.assertGreater(len(pages), 40)
        # In one process: a page takes some hundredths of a second.
        said = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-Tutf8", "-Z", "-l", *map(str, pages)], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True, timeout=600, env=PLAIN)
        self.assertEqual((said.returncode, said.stderr), (0, ""))

    def test_every_option_of_the_help_is_in_the_manual_page(self):
        for service in SERVICES:
            page = run("man", "-l", root / f"usr/share/man/man8/fanion-{service}.8.gz", env={"MANWIDTH": "200"})
            options = re.findall(r"^  (?:-\w,)?(--[a-z-]+)", run(root / f"usr/bin/fanion-{service}", "--help"), re.M)
            self.assertGreater(len(options), 30)
            for option in options:
                self.assertRegex(page, rf"(?m)^ +{option}\b", option)
        flag = run("man", "-l", root / "usr/share/man/man1/fanion-flag.1.gz", env={"MANWIDTH": "200"})
        for part in ("fanion flag rule add FLAG", "--when VALUE", "FANION_PROJECT", "EXIT STATUS"):
            self.assertRegex(flag, re.compile(re.escape(part), re.I))

    def test_nothing_names_the_machine_that_built_it(self):
        for path in root.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for name in (str(ROOT), str(BUILD), os.uname().nodename + "/"):
                    self.assertNotIn(name.encode(), content, path)

    def test_shells_accept_the_completions(self):
        for shell, path in (("bash", "bash-completion/completions/fanion"), ("zsh", "zsh/vendor-completions/_fanion"),
                            ("fish", "fish/vendor_completions.d/fanion.fish")):
            with self.subTest(shell):
                if not shutil.which(shell):
                    self.skipTest(f"no {shell}")
                run(shell, "-n", root / "usr/share" / path, env={"HOME": work.name})

    def test_zsh_completes_at_the_first_call(self):
        if not shutil.which("zsh"):
            self.skipTest("no zsh")
        folder = root / "usr/share/zsh/vendor-completions"
        script = (f"fpath=({folder} $fpath); autoload -Uz _fanion; _describe() {{ print -l -- ${{(P)2}}; }}; compdef() {{ print defined; }};"
                  "words=(fanion flag wei); CURRENT=3; _fanion")
        self.assertIn("weights:set the percentages", run("zsh", "-f", "-c", script))


if __name__ == "__main__":
    if not (BUILD / "CPackConfig.cmake").is_file() or b"__asan_init" in (BIN / "fanion-relay").read_bytes():
        print("not a release build: nothing is packaged (.ci/run names one)")
        sys.exit(SKIPPED)
    unittest.main()
