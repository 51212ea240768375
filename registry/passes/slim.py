#!/usr/bin/env python3
"""slim: moves long reference sections out of SKILL.md, so that its body fits the harness's budget.

A custom pass of skvm (docs/formats/pass-protocol.md), to be declared in skvm.toml:

    [passes.slim]
    command = ["python3", "passes/slim.py"]
    inputs = ["document", "support", "edits", "movable"]
    phrases = ["See for this part"]

With "--budget", "2000" at the end of the command, 2000 tokens are the budget instead of the harness's.

Tables, API listings and long examples go to references/<section>.md, word for word; a link to the file stays in
their place. What may be moved at all skvm says ("movable"): the contract that its guard checks. Text that other passes
rewrite stays where it is, and so does all text of a skill that fits. No more is moved than has to be: the smallest part
that is enough, else the largest there is.
"""
import json
import re
import sys

PROTOCOL = 1
BYTES_A_TOKEN = 4  # skvm's own estimate (variant.json, `tokens`)
LEAST = 120 * BYTES_A_TOKEN  # smaller parts are not worth a second file
REFERENCE = {"table", "code", "list"}


class Skill:
    def __init__(self, request):
        self.bytes = request["text"].encode("utf-8")
        self.document = request["document"]
        self.token = request["relocation"]
        self.movable = {tuple(span) for span in request["movable"]}
        self.edits = [edit for taken in request["edits"] for edit in taken["edits"]]
        self.line_end = "\r\n" if b"\r\n" in self.bytes else "\n"
        taken = [file["path"] for file in self.document["files"]]
        taken += [path for taken_by in request["edits"] for path in taken_by["files"]]
        self.paths = {path.lower() for path in taken}

    def body_size(self):
        """Bytes of the body as the other passes leave it."""
        start, end = self.document["body"]
        size = end - start
        for edit in self.edits:
            first, last = edit["span"]
            size += len(edit["replacement"].encode("utf-8")) - (last - first)
        return size

    def blocks_in(self, start, end):
        return [b for b in self.document["blocks"] if start <= b["span"][0] and b["span"][1] <= end]

    def is_free(self, start, end):
        """No other pass and no relocation needs this text, and none of it is tied to text elsewhere."""
        for edit in self.edits:
            first, last = edit["span"]
            if first < end and start < last or start < first == last < end:
                return False
        for reference in self.document["references"]:
            if reference["exists"] and start <= reference["span"][0] < end:
                return False
        part = self.bytes[start:end]
        # A pointer of an earlier run: what stands around it was not moved then, and is not now.
        if re.search(rb"/references/[^)\s]*\.md\) for this part\.", part):
            return False
        return not (b"][" in part or b"[^" in part or self.token.encode() in part
                    or re.search(rb"^ {0,3}\[[^\]\n]*\]:", part, re.M))

    def may_move(self, blocks, start, end):
        """Whether the contract lets all of it go, and nothing else needs it."""
        return bool(blocks) and all(tuple(b["span"]) in self.movable for b in blocks) and self.is_free(start, end)

    def line_start(self, offset):
        start = self.bytes.rfind(b"\n", 0, offset) + 1
        return start if not self.bytes[start:offset].strip() else offset

    def candidates(self):
        """Parts that may be moved: (start, end, title)."""
        sections = self.document["sections"]
        for section in sections:
            if section["level"] < 2:
                continue
            blocks = self.blocks_in(section["heading"][1], section["span"][1])
            top = [b for b in blocks if b.get("parent") is None]
            if not top:
                continue
            start, end = self.line_start(top[0]["span"][0]), top[-1]["span"][1]
            reference = sum(b["span"][1] - b["span"][0] for b in top if b["kind"] in REFERENCE)
            if reference * 10 >= (end - start) * 6 and self.may_move(top, start, end):
                yield start, end, section["title"]
        for block in self.document["blocks"]:
            if block["kind"] not in REFERENCE or block.get("parent") is not None:
                continue
            section = block.get("section")
            title = "" if section is None else sections[section]["title"]
            siblings = [b for b in self.document["blocks"] if b.get("section") == section]
            if any(b["kind"] == "orderedList" for b in siblings):
                continue
            start, end = self.line_start(block["span"][0]), block["span"][1]
            if self.may_move([block], start, end):
                yield start, end, title

    def slug(self, title):
        return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:48].strip("-") or "details"

    def saving(self, part):
        """Bytes by which the body gets shorter, at least: the path in the pointer may get a number of three digits."""
        start, end, title = part
        return end - start - len(pointer(self, f"references/{self.slug(title)}-999.md")) - 4

    def new_path(self, title):
        slug = self.slug(title)
        number = 1
        while True:
            path = f"references/{slug}{'' if number == 1 else f'-{number}'}.md"
            if path.lower() not in self.paths:
                self.paths.add(path.lower())
                return path
            number += 1


def apart(skill, start, end, text):
    """A text that stands by itself, whatever stands in the lines around it."""
    before = skill.bytes[:start].split(b"\n")[-2:]
    after = skill.bytes[end:].split(b"\n")[:2]
    gap = skill.line_end if len(before) == 2 and before[0].strip() else ""
    below = skill.line_end if len(after) == 2 and after[1].strip() else ""
    return gap + text + below


def pointer(skill, path):
    return f"See [{path}]({skill.token}/{path}) for this part."


def slim(request, budget):
    answer = {"protocol": PROTOCOL, "edits": [], "files": [], "diagnostics": []}
    if budget is None:
        budget = request["support"].get("bodyTokens")
    skill = Skill(request)
    excess = skill.body_size() - (budget or 0) * BYTES_A_TOKEN
    if budget is None or excess <= 0:
        return answer
    left = [c for c in skill.candidates() if c[1] - c[0] >= LEAST]
    chosen = []
    while excess > 0 and left:
        enough = [c for c in left if skill.saving(c) >= excess]
        if enough:
            part = min(enough, key=lambda c: (c[1] - c[0], c[0]))
        else:
            part = max(left, key=lambda c: (c[1] - c[0], -c[0]))
        left = [c for c in left if c[1] <= part[0] or part[1] <= c[0]]
        chosen.append(part)
        excess -= skill.saving(part)
    for start, end, title in sorted(chosen):
        path = skill.new_path(title)
        text = skill.bytes[start:end].decode("utf-8")
        heading = f"# {title}{skill.line_end}{skill.line_end}" if title else ""
        tokens = (end - start + BYTES_A_TOKEN - 1) // BYTES_A_TOKEN
        answer["edits"].append({
            "span": [start, end], "replacement": apart(skill, start, end, pointer(skill, path)), "rule": "reference-section",
            "reason": f"{tokens} tokens of reference, read when they are needed: the budget is {budget}"})
        answer["files"].append({
            "path": path, "text": heading + text + skill.line_end, "rule": "reference-section"})
    if excess > 0:
        answer["diagnostics"].append({
            "id": "over-budget", "severity": "note",
            "message": f"the body is {(excess + 3) // BYTES_A_TOKEN} tokens over the budget of {budget}; "
                       "the rest is no reference text that can be moved"})
    return answer


def main():
    budget = None
    if sys.argv[1:]:
        if len(sys.argv) != 3 or sys.argv[1] != "--budget" or not re.fullmatch(r"[1-9][0-9]{0,6}", sys.argv[2]):
            sys.exit("usage: slim.py [--budget TOKENS]")
        budget = int(sys.argv[2])
    try:
        request = json.load(sys.stdin)
    except ValueError as error:
        sys.exit(f"the request is no JSON: {error}")
    if not isinstance(request, dict) or request.get("protocol") != PROTOCOL:
        sys.exit(f"slim speaks protocol {PROTOCOL}")
    missing = [name for name in ("document", "support", "edits", "movable") if name not in request]
    if missing:
        sys.exit(f"slim needs inputs = [\"document\", \"support\", \"edits\", \"movable\"]: there is no {missing[0]}")
    json.dump(slim(request, budget), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
