"""A real JupyterLab, looked at by a real Chromium, as a person has both."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from ports import free_port

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / ".screenshots"
JUPYTER = ROOT / ".lab/bin/jupyter"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
TOKEN = "only-for-this-test"  # noqa: S105 (of a server that ends with the test)
# As root, and without asking anybody's hosts for anything.
OPTIONS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS = 60  # seconds that a server may take
WIDTH, HEIGHT, WHOLE = 1280, 900, 20_000  # pixels; the last: of a notebook without scroll bars


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that is installed here."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found, f"none of {', '.join(CHROMIUM)} is installed"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Lab:
    """A running JupyterLab; `folder` is what it shows."""

    folder: Path
    url: str
    settings: Path

    def set(self, name: str, values: Mapping[str, object]) -> None:
        """A person's own settings, such as the theme."""
        file = self.settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))


@contextlib.contextmanager
def lab(folder: Path, own: Path) -> Iterator[Lab]:
    """JupyterLab over a folder; what it keeps for its user is in `own`."""
    assert JUPYTER.is_file(), "no JupyterLab: make browser"
    port = free_port()
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    folders = {name: str(own / name) for name in (*names, "JUPYTERLAB_WORKSPACES_DIR")}
    settings = own / "settings"
    command = [str(JUPYTER), "lab", "--no-browser", "--allow-root", f"--port={port}"]
    command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder}"]
    with (own / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--ServerApp.port_retries=0"],
            env={**os.environ, **folders, "JUPYTERLAB_SETTINGS_DIR": str(settings)},
            stdout=log,
            stderr=log,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(f"{url}/api?token={TOKEN}", server, own / "log")
            yield Lab(folder, url, settings)
        finally:
            server.terminate()
            server.wait()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTS
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url):  # noqa: S310 (our own)
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@dataclass(frozen=True, slots=True)
class Opened:
    """A notebook in JupyterLab."""

    page: Page

    def run_all(self) -> None:
        """What a person does: Run, Run All Cells."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def output(self, text: str) -> Locator:
        """Outputs that say something."""
        return self.page.locator(".jp-OutputArea-output", has_text=text)

    def fold(self, path: str) -> Locator:
        """The block that holds a file."""
        summary = self.page.locator("summary", has_text=path)
        return self.page.locator(".jp-OutputArea-output details", has=summary).first

    def errors(self) -> list[str]:
        """What cells show as errors."""
        kind = "[data-mime-type='application/vnd.jupyter.error']"
        said = "[data-mime-type='application/vnd.jupyter.stderr']"
        found = self.page.locator(f".jp-OutputArea-output:is({kind}, {said})")
        return found.all_inner_texts()

    def shoot(self, name: str) -> Path:
        """A picture of the notebook from its first cell to its last."""
        self.page.set_viewport_size({"width": WIDTH, "height": WHOLE})
        notebook = self.page.locator(".jp-WindowedPanel-inner:visible").first
        path = SHOTS / f"{name}.png"
        notebook.screenshot(path=path, animations="disabled")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        return path


@contextlib.contextmanager
def opened(
    browser: Browser, lab: Lab, path: str, theme: str = "JupyterLab Light"
) -> Iterator[Opened]:
    """A notebook that a person opens, in a theme, with a kernel that is ready."""
    lab.set("apputils-extension/themes", {"theme": theme})
    lab.set("apputils-extension/notification", {"fetchNews": "false", "checkForUpdates": False})
    lab.set("notebook-extension/tracker", {"windowingMode": "none"})
    with browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}) as page:
        page.goto(f"{lab.url}/lab/tree/{path}?token={TOKEN}&reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        # What is run before is lost: https://github.com/jupyterlab/jupyterlab/issues/8490
        page.locator(".jp-StatusBar-TextItem", has_text="Python 3 (ipykernel) | Idle").wait_for()
        yield Opened(page)


def parameters(notebook: Path, **values: str) -> None:
    """Sets the parameters of a notebook, as a person who edits the cell."""
    document: dict[str, Any] = json.loads(notebook.read_text())
    (cell,) = (c for c in document["cells"] if "parameters" in c["metadata"].get("tags", ()))
    source = "".join(cell["source"])
    for name, value in values.items():
        source, found = re.subn(rf'(?m)^({name}: str = )".*?"', rf'\1"{value}"', source)
        assert found == 1, name
    cell["source"] = source
    notebook.write_text(json.dumps(document))
