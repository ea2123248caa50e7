#!/usr/bin/env python3
"""Looks at the pages of `weir serve` with a real browser, as people do: types, clicks, follows links, goes back.

usage: browse-pages.py ADDRESS [PICTURES]

Fails where a page writes an error to its console, breaks its Content-Security-Policy, asks any other host, or does not do what it should.
Writes pictures of the pages into the folder PICTURES, in light and dark and as wide as a phone.
"""
import base64, json, os, re, subprocess, sys, tempfile, time
from urllib.parse import urlparse

import websocket

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


class Browser:
    def __init__(self, address):
        self.address = address
        self.errors, self.requests, self.number = [], [], 0
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        program = next(p for b in BROWSERS for d in os.environ["PATH"].split(":") if os.path.exists(p := os.path.join(d, b)))
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
             "--remote-debugging-port=0", "--remote-allow-origins=*", f"--user-data-dir={self.profile.name}", "about:blank"],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in self.process.stderr:
            if found := re.search(r"ws://127\.0\.0\.1:(\d+)/", line):
                port = found.group(1)
                break
        import urllib.request
        deadline = time.time() + 20
        while True:
            targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list"))
            pages = [t for t in targets if t["type"] == "page"]
            if pages or time.time() > deadline:
                break
            time.sleep(0.1)
        self.socket = websocket.create_connection(pages[0]["webSocketDebuggerUrl"], timeout=30)
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.call(f"{domain}.enable")

    def close(self):
        self.process.kill()
        self.process.wait()

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                if "error" in message:
                    raise SystemExit(f"{method}: {message['error']}")
                return message.get("result", {})
            self.note(message)

    def note(self, message):
        parameters = message.get("params", {})
        match message.get("method"):
            case "Runtime.exceptionThrown":
                self.errors.append(json.dumps(parameters["exceptionDetails"])[:300])
            case "Runtime.consoleAPICalled" if parameters["type"] in ("error", "warning"):
                self.errors.append(json.dumps(parameters["args"])[:300])
            case "Log.entryAdded" if parameters["entry"]["level"] in ("error", "warning"):
                self.errors.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise SystemExit(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, condition, what):
        deadline = time.time() + 20
        while time.time() < deadline:
            if self.run(f"!!({condition})"):
                return
            time.sleep(0.05)
        raise SystemExit(f"waited in vain: {what}; at {self.run('location.href')}")

    def go(self, path):
        self.call("Page.navigate", url=self.address + path)
        self.wait(f"location.pathname + location.search == {json.dumps(path)} && document.readyState == 'complete'", path)

    def type(self, text):
        for letter in text:
            self.call("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def look(self, width, scheme):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=1400, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, folder, name):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(os.path.join(folder, name), "wb") as file:
            file.write(base64.b64decode(data))


def main():
    address = sys.argv[1].rstrip("/")
    browser = Browser(address)
    try:
        browse(browser)
        if len(sys.argv) > 2:
            take_pictures(browser, sys.argv[2])
        others = [u for u in browser.requests if urlparse(u).scheme in ("http", "https") and not u.startswith(address + "/")]
        if others:
            raise SystemExit(f"asked other hosts: {others[:5]}")
        # The page of a package that is not there answers 404, which a browser notes.
        errors = [e for e in browser.errors if "404" not in e]
        if errors:
            raise SystemExit("the console has errors:\n" + "\n".join(errors))
        print("browsed", len(browser.requests), "requests")
    finally:
        browser.close()


def browse(browser):
    browser.go("/")
    total = browser.run("document.querySelectorAll('main article, main li.hit, main .hit').length")
    assert total > 0, "the search page shows packages"
    # The slash key goes to the field; results change while one types, without a new page.
    browser.run("window.mark = 1")
    browser.type("/")
    browser.wait("document.activeElement && document.activeElement.name == 'q'", "the field has the focus")
    browser.type("ber")
    browser.wait("location.search.includes('q=ber')", "the address follows what is typed")
    browser.wait("document.querySelector('main').innerText.includes('bert')", "results of what is typed")
    assert browser.run("window.mark") == 1, "typing loads no new page"
    assert browser.run("!!document.querySelector('[aria-live]')"), "changes are told to screen readers"
    # A facet narrows, and the way back is open.
    browser.run("[...document.querySelectorAll('a')].find(a => a.href.includes('license=')).click()")
    browser.wait("location.search.includes('license=')", "a facet narrows the search")
    browser.run("history.back()")
    browser.wait("!location.search.includes('license=')", "back again")
    # To a package by the keyboard, and its parts.
    browser.go("/?q=brook-bert-tiny")
    browser.run("document.querySelector('a[href^=\"/packages/huggingface/\"]').click()")
    browser.wait("location.pathname.startsWith('/packages/huggingface/') && document.readyState == 'complete'", "a package's page")
    text = browser.run("document.body.innerText")
    for part in ["Files", "Lineage", "config.json"]:
        assert part in text, f"the package's page has {part}"
    # Evidence: each value names where it was read, for the eye and for screen readers.
    described = "document.querySelector('[aria-describedby]')"
    assert browser.run(f"!!document.getElementById({described}.getAttribute('aria-describedby').split(' ')[0])"), "values have evidence"
    nameless = browser.run("[...document.querySelectorAll('img,svg[role=img],button,input:not([type=hidden]),select')].filter(e => !(e.hasAttribute('alt') || e.title || e.textContent.trim() || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.labels?.length || e.querySelector?.('title'))).map(e => e.outerHTML.slice(0, 200))")
    assert not nameless, f"controls and pictures have names: {nameless}"
    link = "[...document.querySelectorAll('a[href^=\"/files/\"]')].find(a => a.href.endsWith('config.json'))"
    assert browser.run(f"fetch({link}.href).then(r => r.ok && r.headers.get('content-disposition').startsWith('attachment'))"), "files are saved, not shown"
    for path in ["/hubs", "/hubs/huggingface", "/crawls", "/crawls/1", "/api"]:
        browser.go(path)
        assert browser.run("document.querySelectorAll('h1').length") == 1, f"{path} has one heading"
    browser.go("/hubs")
    assert browser.run("document.querySelectorAll('svg').length") > 3, "figures are drawn"
    # Nothing is wider than a phone.
    browser.look(360, "light")
    for path in ["/", "/hubs", "/crawls", "/packages/huggingface/riverbank-ai/brook-bert-tiny"]:
        browser.go(path)
        width = browser.run("document.documentElement.scrollWidth")
        assert width <= 360, f"{path} is {width} wide on a phone"
    browser.call("Emulation.clearDeviceMetricsOverride")
    # Without scripts the same is there.
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.call("Page.navigate", url=browser.address + "/?q=bert&hub=huggingface")
    time.sleep(1)
    assert "bert" in browser.run("document.querySelector('main').innerText"), "search works without scripts"
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    browser.go("/packages/huggingface/nobody/nothing")
    assert "nobody/nothing" in browser.run("document.body.innerText"), "a package that is not there is named"


def take_pictures(browser, folder):
    os.makedirs(folder, exist_ok=True)
    for scheme in ["light", "dark"]:
        for width in [1280, 390]:
            browser.look(width, scheme)
            for name, path in [("search", "/?q=bert"), ("package", "/packages/huggingface/riverbank-ai/brook-bert-tiny"), ("hubs", "/hubs"), ("crawls", "/crawls")]:
                browser.go(path)
                browser.picture(folder, f"{name}-{scheme}-{width}.png")


if __name__ == "__main__":
    main()
