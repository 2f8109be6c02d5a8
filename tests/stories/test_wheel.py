"""The built wheel, installed elsewhere, builds: templates and notebooks are in it."""

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXTRAS = {"ipywidgets", "nbconvert"}
SEED = {"feature": "smoke_test", "description": "Ensure builder functional"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_wheel_holds_every_template_and_notebook(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "notebooks"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
        shipped = [path for path in files if ".ipynb_checkpoints" not in path.parts]
        assert shipped
        for path in shipped:
            assert f"petsage_builder/_{path.relative_to(ROOT).as_posix()}" in held


def test_wheel_installed_elsewhere_builds_checks_and_makes_its_notebook(
    wheel: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    # What it depends on is lent by this environment; the builder itself is the wheel's.
    site = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "env")}))
    lent = [p for p in Path(sysconfig.get_path("purelib")).iterdir() if _is_lent(p, site)]
    for path in lent:
        (site / path.name).symlink_to(path)
    (tmp_path / "env" / "bin" / "ruff").symlink_to(Path(sys.executable).parent / "ruff")
    (tmp_path / "request.json").write_text(json.dumps(SEED), encoding="utf-8")

    def builder(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(tmp_path / "env" / "bin" / "petsage-builder"), *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    built = builder("request.json")
    assert built.returncode == 0, built.stdout + built.stderr
    assert built.stdout.splitlines()[-1] == "BUILD COMPLETE."
    assert builder("check", "--strict").returncode == 0
    where = "import petsage_builder.shipped as s; print(s.shipped('notebooks'))"
    found = subprocess.run(
        [str(python), "-c", where], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).parent == site / "petsage_builder"
    # Its extras are not there: what needs one says so.
    page = builder("notebook", "request.json", "--html")
    assert (page.returncode, "petsage-builder[html]" in page.stderr) == (2, True)
    form = [str(python), "-c", "from petsage_builder import notebook; notebook.form()"]
    refused = subprocess.run(form, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "InputRefused: PLAN FAILED: form: needs ipywidgets" in refused.stderr
    assert "petsage-builder[form]" in refused.stderr


def _is_lent(path: Path, site: Path) -> bool:
    builders_own = "petsage_builder" in path.name or path.suffix == ".pth"
    left_out = builders_own or path.name in {*EXTRAS, "__pycache__"}
    return not left_out and not (site / path.name).exists()
