#!/usr/bin/env python3
"""What deploy/packages/build writes: published_test.py FOLDER [unittest's arguments].

Its checksums, Debian's own checks (lintian), the description of contents (SPDX) by the reference implementation of the format, which
is installed from Python's registry, and the evaluator's library as programs use it.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from debian_package import PLAIN, ROOT, packages_in, run

# What lintian says of packages for Debian itself.
NOT_OURS = ("initial-upload-closes-no-bugs", "no-manual-page", "changelog-distribution-does-not-match-changes-file", "bad-distribution-in-changes-file")
ALL = ["fanion-cli", "fanion-control-plane", "fanion-relay", "libfanion-eval-dev"]


def setUpModule():
    global folder, packages, work, document
    folder = pathlib.Path(FOLDER).resolve()
    packages = packages_in(folder)
    work = tempfile.TemporaryDirectory(prefix="fanion-published-")
    [path] = folder.glob("*.spdx.json")
    document = json.loads(path.read_text())


def tearDownModule():
    work.cleanup()


class Published(unittest.TestCase):
    def test_all_packages_and_their_checksums(self):
        self.assertEqual(sorted(packages), ALL)
        run("sha256sum", "--check", "--strict", "SHA256SUMS", cwd=folder)
        listed = {line.split()[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
        self.assertEqual(listed, {path.name for path in folder.iterdir()} - {"SHA256SUMS"})

    def test_debian_finds_no_fault(self):
        done = subprocess.run(["lintian", "--allow-root", "--no-cfg", "--tag-display-limit=0", f"--suppress-tags={','.join(NOT_OURS)}",
                               "--fail-on=error,warning", *(package.path for package in packages.values())], capture_output=True, text=True,
                              env=PLAIN, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Contents(unittest.TestCase):
    def names(self, kind):
        names = {package["SPDXID"]: package["name"] for package in document["packages"]}
        return {(names.get(row["spdxElementId"]), names.get(row["relatedSpdxElement"])) for row in document["relationships"]
                if row["relationshipType"] == kind}

    def test_the_reference_implementation_accepts_the_description(self):
        python = pathlib.Path(work.name, "python")
        run(sys.executable, "-m", "venv", python)
        run(python / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", ROOT / "tests/packages/requirements.txt",
            env={"HOME": work.name})
        [path] = folder.glob("*.spdx.json")
        run(python / "bin/pyspdxtools", "--infile", path, "--version", "SPDX-2.3")

    def test_it_describes_what_is_published(self):
        described = {package["name"]: package for package in document["packages"] if "packageFileName" in package}
        self.assertEqual(sorted(described), ALL)
        for name, package in packages.items():
            self.assertEqual(described[name]["versionInfo"], package.control["Version"])
            self.assertEqual(described[name]["checksums"][0]["checksumValue"], run("sha256sum", package.path).split()[0])

    def test_it_has_what_the_packages_need_and_are_built_with(self):
        needs, built = self.names("DEPENDS_ON"), self.names("BUILD_DEPENDENCY_OF")
        for pair in (("fanion-relay", "libssl3"), ("fanion-control-plane", "libpq5"), ("libpq5", "libldap-2.5-0"),
                     ("libfanion-eval-dev", "libre2-dev")):
            self.assertIn(pair, needs)
        self.assertIn(("rapidjson-dev", "fanion-relay"), built)
        self.assertIn(("libboost1.81-dev", "fanion-cli"), built)
        libc = next(package for package in document["packages"] if package["name"] == "libc6")
        self.assertEqual(libc["versionInfo"], run("dpkg-query", "-W", "-f", "${Version}", "libc6"))


class Evaluator(unittest.TestCase):
    """The library in a folder of its own, which its files find."""

    def setUp(self):
        self.root = pathlib.Path(work.name, "evaluator")
        if not self.root.exists():
            self.root.mkdir()
            packages["libfanion-eval-dev"].extract(self.root)
        self.libraries = self.root / "usr/lib" / run("gcc", "-print-multiarch").strip()

    def works(self, program):
        self.assertIn('"variation":"on","reason":"TARGETING_MATCH"', run(program))

    def test_its_objects_are_hardened(self):
        self.assertEqual(run(ROOT / "tests/packages/check_hardening", self.libraries / "libfanion_eval.a"), "")

    def test_pkg_config_finds_it(self):
        flags = run("pkg-config", "--cflags", "--libs", "fanion-eval", env={"PKG_CONFIG_PATH": str(self.libraries / "pkgconfig")}).split()
        program = pathlib.Path(work.name, "by-pkg-config")
        run("cc", "-std=c11", ROOT / "sdk/c/example.c", *flags, "-o", program)
        self.works(program)

    def test_cmake_finds_it(self):
        project = pathlib.Path(work.name, "project")
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(example C)\n"
            f"find_package(fanion-eval {packages['libfanion-eval-dev'].control['Version']} CONFIG REQUIRED)\n"
            f"add_executable(example {ROOT}/sdk/c/example.c)\ntarget_link_libraries(example PRIVATE fanion::eval)\n")
        run("cmake", "-S", project, "-B", project / "build", f"-DCMAKE_PREFIX_PATH={self.root}/usr")
        run("cmake", "--build", project / "build")
        self.works(project / "build/example")


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    FOLDER = sys.argv.pop(1)
    unittest.main()
