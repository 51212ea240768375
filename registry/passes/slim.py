#!/usr/bin/env python3
"""slim: moves long reference sections out of SKILL.md, so that its body fits the harness's budget.

A custom pass of skvm (docs/formats/pass-protocol.md), to be declared in skvm.toml:

    [passes.slim]
    command = ["python3", "passes/slim.py"]
    inputs = ["document", "support", "edits"]
    phrases = ["See for this part"]

With "--budget", "2000" at the end of the command, 2000 tokens are the budget instead of the harness's.

Tables, API listings and long examples go to references/<section>.md, word for word; a link to the file stays in
their place. Steps, instructions, constraints, checks, all of a section whose title says that it holds such, and text
that other passes rewrite stay where they are, and so does all text of a skill that fits. No more is moved than has to be: the smallest part that is enough, else the largest there is.
"""
import json
import re
import sys

PROTOCOL = 1
BYTES_A_TOKEN = 4  # skvm's own estimate (variant.json, `tokens`)
LEAST = 120 * BYTES_A_TOKEN  # smaller parts are not worth a second file
REFERENCE = {"table", "code", "list"}

# What binds the reader, in the words by which skvm's guard knows it: it refuses a variant that moves such a text.
BINDING = set(
    "only cannot shall required without except unless exactly limit limited maximum minimum refuse reject "
    "nobody nothing until approval approvals approved blocks allowed permitted unacceptable verify check "
    "ensure confirm validate assert acceptance criteria passes verification".split())
BINDING_PAIRS = {
    "up to", "may not", "should not", "not allowed", "is not", "need to", "no one", "make sure", "done when",
    "success criteria", "double check"}
# These mean nothing else: in a table's cell, too.
STRONG = set(
    "must never always don't mustn't can't forbidden prohibited prohibits mandatory obligatory disallowed "
    "banned muss müssen darf dürfen niemals verboten nur mindestens höchstens doit doivent jamais "
    "interdit interdite obligatoire debe deben nunca prohibido prohibida obligatorio obligatoria deve "
    "devono vietato sempre".split())
STRONG_PAIRS = {"do not", "at least", "at most", "no more"}
# Where no blank is between words.
UNSPACED = set(
    "必须 必須 不要 不得 不能 不可 禁止 严禁 务必 切勿 至少 最多 只能 仅限 必ず しないで いけません ならない 금지 반드시 마세요".split())
# Sections whose text is to be followed rather than looked up, with all below them.
FOLLOWED = set(
    "step steps phase phases stage stages workflow workflows procedure procedures process processes instructions rules "
    "constraints checklist checklists checks verification validation audit acceptance gate gates quick start when "
    "before".split())
# Verbs with which an instruction begins, what may stand before them, and what makes a noun of them.
VERBS = set(
    """
    abort accept acquire activate adapt add adjust aggregate align allow analyse analyze annotate announce
    answer append apply approve archive ask assemble assert assess assign attach attempt audit authenticate
    authorize avoid back batch begin bind block bootstrap branch break browse build bump bundle calculate
    calibrate call cancel capture categorize check choose cite clarify classify clean clear click clone close
    code collect combine come commit communicate compare compile complete compose compress compute conclude
    condense conduct configure confirm connect consider consolidate construct consult continue convert copy
    correct count cover craft create cross-check cross-reference curate customize debug decide declare decompose
    deduplicate deepen define delegate delete deliver demonstrate deploy derive describe design detect determine
    develop diagnose diff disable discover discuss dismiss dispatch display distill divide do document
    double-check download draft drop edit elaborate eliminate embed emit enable encode end enforce ensure enter
    enumerate escalate establish estimate evaluate examine execute expand explain explore export expose extend
    extract fail fetch fill filter finalize find finish fix flag focus follow format formulate forward gather
    generate get give grade group guide hand handle help highlight identify ignore implement import improve
    include incorporate increase indicate infer inform ingest initialize initiate inject input inquire insert
    inspect install integrate interpret interview introduce invoke iterate join judge keep kill label launch
    lead learn leave let link list listen load locate lock log login look loop maintain make manage map mark
    match measure merge migrate mine minimize mock modify monitor move name navigate normalize note notify
    obtain offer open optimize orchestrate order organize output outline override package parallelize parse pass
    paste patch pause perform persist pick ping place plan play point polish populate post prefer prepare
    present preserve press preview prioritize probe process produce profile promote prompt propose protect
    prototype provide provision prune publish pull push put query quote raise rank rate re-run reach read rebase
    rebuild recall receive recognize recommend reconcile record recover redirect reduce refactor reference
    refine reflect refresh register reject release reload remember remove rename render repeat replace reply
    report reproduce request rerun reset resize resolve respond restart restore restructure resume retain
    retrieve retry return reuse revert review revise rewrite roll rotate route run sample sanitize save scaffold
    scan schedule scope score scrape screenshot search secure seed select send separate serve set setup shape
    share ship show sign simplify simulate skip sort spawn specify split spot stage start state stop store
    stream strip structure submit subscribe substitute suggest summarise summarize surface survey switch sync
    synthesize synthesise tag tailor take talk target teach tell terminate test think track trace train
    transcribe transfer transform translate treat triage trigger trim try tune turn type understand undo unify
    uninstall unpack update upgrade upload use validate verify view visit visualize visualise wait walk warn
    watch weigh wire work wrap write zip normalise benchmark brainstorm decode freeze pinpoint research reword
    scale sketch storyboard swap tweak vet categorise prioritise optimise organise finalise initialise recognise
    minimise customise
    accumulate adopt advance arrange augment bisect bypass canonicalize catch challenge circulate commence
    complement concatenate coordinate correlate crawl crop defer deprecate discard disconnect drain duplicate
    elevate elicit encourage encrypt enrich enroll exclude exit favor fork grab grant greet halt hide hydrate
    interact intercept invite isolate lint lower mention mirror mount narrow negotiate observe omit orient
    parameterize paraphrase partition permit pin predict preprocess prove purge quantify reassess reboot
    rephrase require reserve retune rewind scroll see seek shift shorten shut slice solve standardize stash stay
    strengthen study tabulate toggle tokenize unblock unlock unmount unzip vary wipe withdraw
    """.split())
OPENERS = set(
    "then first next finally always if when for once before after optionally now only never don't do in on with "
    "from to using re quickly carefully optional".split())
NOUN_SIGNS = set("of and or is are was were has have can".split())


def words(text):
    return re.findall(r"[\w'\u0080-\U0010ffff]+", text.lower())


def begins(found):
    return bool(found) and found[0] in VERBS and found[1:2] != [] and found[1] not in NOUN_SIGNS


def instructs(text):
    """Whether a sentence of a text tells the reader to do something: "Run it", "If it fails, run it"."""
    texts = re.split(r"[.!?][\"')*_.!?]*\s+", text)
    sentences = [words(sentence) for sentence in texts]
    # What a label says of itself ("`search`: find pages") tells nobody to.
    if any(begins(words(one)) and not (":" in one and len(words(one.split(":")[0])) == 1) for one in texts):
        return True
    clauses = re.split(r",|\bthen\b", text.lower())[1:]
    return any(s and s[0] in OPENERS for s in sentences) and any(begins(words(clause)) for clause in clauses)


def binds(block):
    """Whether a block demands something of the reader."""
    found = words(block["text"])
    pairs = {f"{a} {b}" for a, b in zip(found, found[1:])}
    forbids = (
        bool(STRONG.intersection(found)) or bool(STRONG_PAIRS & pairs)
        or any(sign in word for word in found if not word.isascii() for sign in UNSPACED))
    if block["kind"] == "tableRow":
        return forbids
    return forbids or bool(BINDING.intersection(found)) or bool(BINDING_PAIRS & pairs) or instructs(block["text"])


class Skill:
    def __init__(self, request):
        self.bytes = request["text"].encode("utf-8")
        self.document = request["document"]
        self.token = request["relocation"]
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
        if not blocks or not self.is_free(start, end):
            return False
        for block in blocks:
            if block["kind"] in ("orderedList", "html", "quote") or self.is_followed(block.get("section")):
                return False
            if block["kind"] == "item" and re.match(rb"[-*+\d.)]+\s+\[[ xX]\]", self.bytes[block["span"][0]:][:20]):
                return False
            if block["kind"] in ("paragraph", "tableRow") and binds(block):
                return False
        unclosed = [f for f in self.document["fragments"] if not f["isClosed"]]
        return not any(start <= f["span"][0] < end for f in unclosed)

    def is_followed(self, section):
        """Whether the title of a section, or of one around it below the skill's own title, says that it is followed."""
        sections = self.document["sections"]
        while section is not None:
            one = sections[section]
            if one["level"] > 1 and FOLLOWED.intersection(words(one["title"])):
                return True
            section = one.get("parent")
        return False

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
            if reference * 10 >= (end - start) * 6 and self.may_move(blocks, start, end):
                yield start, end, section["title"]
        for block in self.document["blocks"]:
            if block["kind"] not in ("table", "code") or block.get("parent") is not None:
                continue
            section = block.get("section")
            title = "" if section is None else sections[section]["title"]
            siblings = [b for b in self.document["blocks"] if b.get("section") == section]
            if any(b["kind"] == "orderedList" for b in siblings):
                continue
            start, end = self.line_start(block["span"][0]), block["span"][1]
            if self.may_move(self.blocks_in(start, end), start, end):
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
    missing = [name for name in ("document", "support", "edits") if name not in request]
    if missing:
        sys.exit(f"slim needs inputs = [\"document\", \"support\", \"edits\"]: there is no {missing[0]}")
    json.dump(slim(request, budget), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
