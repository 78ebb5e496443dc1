#!/usr/bin/env python3
"""Builds the `onward` command for people without cargo: a wheel for pip and a package for npm, each with the program inside.

    packages/build.py            # into target/packages
    packages/build.py --check    # also installs both and runs them, and builds twice to compare

Beside the packages stand SHA256SUMS and a list of all crates in the program, as CycloneDX (onward.cdx.json). The program is
that of the machine on which this runs. Nothing in a package depends on when or where it was built.
"""

import argparse
import base64
import gzip
import hashlib
import io
import json
import os
import pathlib
import platform
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "target" / "packages"
SUMMARY = "Checks folders of PostgreSQL migrations and applies them"
# The oldest moment that a zip archive can hold.
EPOCH = (1980, 1, 1, 0, 0, 0)


def metadata():
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", host()]
    return json.loads(subprocess.check_output(command, cwd=ROOT))


def host():
    text = subprocess.check_output(["rustc", "-vV"], cwd=ROOT, text=True)
    return next(line.split()[1] for line in text.splitlines() if line.startswith("host:"))


def program(target):
    """The command, without paths of this machine in it."""
    cargo_home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
    flags = f"--remap-path-prefix={ROOT}=/onward --remap-path-prefix={cargo_home}=/cargo"
    environment = dict(os.environ, RUSTFLAGS=flags, CARGO_TARGET_DIR=str(target), CARGO_INCREMENTAL="0")
    command = ["cargo", "build", "--release", "--locked", "-p", "onward-cli", "--config", 'profile.release.strip="symbols"']
    subprocess.check_call(command, cwd=ROOT, env=environment)
    return (target / "release" / "onward").read_bytes()


def libc():
    """The oldest glibc that the program can run on is that of this machine."""
    name, version = platform.libc_ver()
    return version if name == "glibc" else None


def wheel_tag():
    machine = platform.machine()
    if sys.platform == "darwin":
        major = platform.mac_ver()[0].split(".")[0]
        return f"py3-none-macosx_{major}_0_{machine}"
    version = libc()
    return f"py3-none-manylinux_{version.replace('.', '_')}_{machine}" if version else f"py3-none-musllinux_1_2_{machine}"


def wheel(version, binary):
    tag = wheel_tag()
    info = f"onward_migrations-{version}.dist-info"
    files = {
        f"onward_migrations-{version}.data/scripts/onward": binary,
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: onward-migrations\nVersion: {version}\nSummary: {SUMMARY}\n"
            "License: MIT OR Apache-2.0\nRequires-Python: >=3.7\nDescription-Content-Type: text/markdown\n\n"
            + (ROOT / "README.md").read_text()
        ).encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: onward\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(),
        f"{info}/licenses/LICENSE-MIT": (ROOT / "LICENSE-MIT").read_bytes(),
        f"{info}/licenses/LICENSE-APACHE": (ROOT / "LICENSE-APACHE").read_bytes(),
    }
    record = []
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.append(f"{name},sha256={digest},{len(data)}\n")
    files[f"{info}/RECORD"] = ("".join(record) + f"{info}/RECORD,,\n").encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            # pip lets a file be executed only if the archive also says that it is a regular one.
            entry.external_attr = (stat.S_IFREG | (0o755 if name.endswith("/onward") else 0o644)) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, data)
    return f"onward_migrations-{version}-{tag}.whl", archive.getvalue()


def npm(version, binary):
    system = {"linux": "linux", "darwin": "darwin"}[sys.platform]
    machine = {"x86_64": "x64", "aarch64": "arm64", "arm64": "arm64"}[platform.machine()]
    package = {
        "name": "onward-migrations",
        "version": version,
        "description": SUMMARY,
        "license": "MIT OR Apache-2.0",
        "bin": {"onward": "bin/onward"},
        "os": [system],
        "cpu": [machine],
    }
    if libc():
        package["libc"] = ["glibc"]
    files = {
        "package/package.json": (json.dumps(package, indent=2) + "\n").encode(),
        "package/bin/onward": binary,
        "package/README.md": (ROOT / "README.md").read_bytes(),
        "package/LICENSE-MIT": (ROOT / "LICENSE-MIT").read_bytes(),
        "package/LICENSE-APACHE": (ROOT / "LICENSE-APACHE").read_bytes(),
    }
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.USTAR_FORMAT) as written:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o755 if name.endswith("/onward") else 0o644
            written.addfile(entry, io.BytesIO(data))
    return f"onward-migrations-{version}-{system}-{machine}.tgz", gzip.compress(archive.getvalue(), mtime=0)


def bill_of_materials(graph, version):
    """Every crate that is compiled into the program."""
    nodes = {node["id"]: node for node in graph["resolve"]["nodes"]}
    packages = {package["id"]: package for package in graph["packages"]}
    root = next(name for name, package in packages.items() if package["name"] == "onward-cli")
    seen, waiting = set(), [root]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for dependency in nodes[name]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                waiting.append(dependency["pkg"])
    crates = sorted((packages[name]["name"], packages[name]["version"], packages[name]["license"]) for name in seen)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "onward", "version": version}},
        "components": [
            {
                "type": "library",
                "name": name,
                "version": number,
                "purl": f"pkg:cargo/{name}@{number}",
                "licenses": [{"expression": licence.replace("/", " OR ")}] if licence else [],
            }
            for name, number, licence in crates
        ],
    }


def build(out, target):
    graph = metadata()
    version = next(package["version"] for package in graph["packages"] if package["name"] == "onward-cli")
    binary = program(target)
    files = dict([wheel(version, binary), npm(version, binary)])
    files["onward.cdx.json"] = (json.dumps(bill_of_materials(graph, version), indent=2) + "\n").encode()
    out.mkdir(parents=True, exist_ok=True)
    sums = []
    for name, data in sorted(files.items()):
        (out / name).write_bytes(data)
        sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
    (out / "SHA256SUMS").write_text("".join(sums))
    return sums


def check(out):
    """Installs both as a user does, and runs what they bring."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        wheel_file = next(out.glob("*.whl"))
        subprocess.check_call([sys.executable, "-m", "venv", folder / "pip"])
        pip = folder / "pip" / "bin" / "pip"
        subprocess.check_call([pip, "install", "-q", "--no-index", "--disable-pip-version-check", wheel_file])
        runs(folder / "pip" / "bin" / "onward")
        if shutil.which("npm"):
            tgz = next(out.glob("*.tgz"))
            command = ["npm", "install", "--silent", "--offline", "--no-audit", "--prefix", folder / "npm", tgz]
            subprocess.check_call(command)
            runs(folder / "npm" / "node_modules" / ".bin" / "onward")
        else:
            print("NO NPM: ITS PACKAGE WAS BUILT AND NOT INSTALLED", file=sys.stderr)


def runs(command):
    subprocess.check_call([command, "--version"])
    subprocess.check_call([command, "check", *sorted((ROOT / "migrations").iterdir())], stdout=subprocess.DEVNULL)


def main():
    arguments = argparse.ArgumentParser(description="Builds the packages of the onward command for pip and npm")
    arguments.add_argument("--check", action="store_true", help="also build twice to compare, install both, and run them")
    arguments = arguments.parse_args()
    sums = build(OUT, ROOT / "target" / "packages-1")
    print("".join(sums), end="")
    if arguments.check:
        again = build(ROOT / "target" / "packages-again", ROOT / "target" / "packages-2")
        if sums != again:
            sys.exit(f"two builds differ:\n{''.join(again)}")
        check(OUT)
        print("two builds are equal, and both packages run")


main()
