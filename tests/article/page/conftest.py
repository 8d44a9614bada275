"""Headless Chromium over its DevTools pipe, to look at pages with."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Browser:
    """Chromium over its DevTools pipe, which needs no package and works whatever the page's policy is."""

    process: subprocess.Popen[bytes]
    to: int
    back: int
    session: str = ""

    def __post_init__(self) -> None:
        self.numbers = itertools.count(1)
        self.rest = b""
        self.told: list[str] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for name in ("Page", "Runtime", "Log"):
            self.ask(f"{name}.enable")

    def ask(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result; what the page says on its console meanwhile is kept in `told`."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self._keep(answer)

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            found = os.read(self.back, 1 << 20)
            assert found, "Chromium has ended"
            self.rest += found
        line, _, self.rest = self.rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _keep(self, event: dict[str, Any]) -> None:
        if event.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.told.append(json.dumps(event["params"]))

    def open(self, page: Path, *, width: int = 1200, height: int = 1600, scripts: bool = True) -> None:
        """Open a page in a window of some size."""
        self.ask("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.told.clear()
        self.ask("Page.navigate", url=page.as_uri())
        while True:
            event = self._receive()
            self._keep(event)
            if event.get("method") == "Page.loadEventFired":
                return

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press and release a key."""
        text = {"text": "\r"} if key == "Enter" else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A headless Chromium; the tests that use it skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    ours_read, theirs_write = os.pipe()
    theirs_read, ours_write = os.pipe()
    command = [
        CHROMIUM,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
        "--remote-debugging-pipe",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ]
    # Chromium reads commands from descriptor 3 and answers on 4.
    shell = ["bash", "-c", f'exec "$@" 3<&{theirs_read} 4>&{theirs_write}', "bash", *command]
    with subprocess.Popen(shell, pass_fds=(theirs_read, theirs_write), stderr=subprocess.DEVNULL) as process:
        os.close(theirs_read)
        os.close(theirs_write)
        try:
            yield Browser(process, ours_write, ours_read)
        finally:
            process.terminate()
            os.close(ours_write)
            os.close(ours_read)
