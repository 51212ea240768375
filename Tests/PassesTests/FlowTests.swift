import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Workflow found` {
    private func steps(_ body: String) throws -> [Workflow.Step] {
        try #require(Flow.run(try document(body)).value).steps
    }

    @Test func `a step's number may be as long as it likes`() throws {
        for number in ["9223372036854775807", "L9223372036854775807", String(repeating: "9", count: 400)] {
            _ = try steps("## Work\n\nStep \(number): Run the tool.\n\nStep 2: Read it.\n\nPhase \(number): Go.\n")
        }
    }

    @Test func `an ordered list of instructions under a workflow heading`() throws {
        let steps = try steps(
            "# T\n\n## Workflow\n\n1. Read the source.\n2. **Translate** it.\n3. Write the result: one file.\n")
        #expect(steps.map(\.title) == ["Read the source.", "Translate it.", "Write the result"])
        #expect(steps.map(\.line) == [9, 10, 11])
        #expect(steps.map(\.after) == [[], ["s1"], ["s2"]])
    }

    @Test(arguments: [
        "## Best Practices\n\n1. Know your audience.\n2. Use plain words.\n3. Test it.\n",
        "## Quick start\n\nCreate a script. It should:\n\n1. Accept JSON.\n2. Output JSON.\n3. Never log tokens.\n",
        "## Sizes\n\n**Good breakdown:**\n\n1. Read the source\n2. Write the code\n3. Test it\n",
        "## Features\n\n1. Fast search\n2. Local data\n3. Small size\n",
        "## Commands\n\n- `a`\n- `b`\n",
    ])
    func `advice, facts and features are no procedure`(body: String) throws {
        #expect(try steps("# T\n\n" + body).isEmpty)
    }

    @Test func `headings that count`() throws {
        let steps = try steps(
            "# T\n\n## Phase 1: Plan\n\nThink.\n\n## Phase 2: Build\n\n1. Draft it.\n2. Try it.\n\n## Phase 3: Check\n\nLook.\n"
        )
        #expect(steps.map(\.title) == ["Plan", "Build", "Check"])
        let plain = try self.steps(
            "# T\n\n## Flow\n\n### 1. Send the question\n\nx\n\n### 2. Wait for it\n\nx\n\n### 3. Write the answer\n\nx\n"
        )
        #expect(plain.map(\.title) == ["Send the question", "Wait for it", "Write the answer"])
    }

    @Test func `paragraphs that count`() throws {
        let steps = try steps("## Work\n\n**Step 1: Read it**\n\nMore.\n\n**Step 2: Write it**\n\nMore.\n")
        #expect(steps.map(\.title) == ["Read it", "Write it"])
    }

    @Test func `a result that a later step names is a dependence`() throws {
        let steps = try steps(
            "## Steps\n\n1. Write `spec.yaml`.\n2. Read the log.\n3. Run the tool with `spec.yaml`.\n")
        #expect(steps.map(\.after) == [[], ["s1"], ["s1", "s2"]])
    }

    @Test func `a step that begins with its condition hangs on the trunk`() throws {
        let steps = try steps(
            "## Steps\n\n1. Read the state.\n2. If it is old, fetch it.\n3. When it is broken, mend it.\n")
        #expect(steps.map(\.after) == [[], ["s1"], ["s1"]])
    }

    @Test func `the same operation on other things needs no order`() throws {
        let body =
            "## Workflow\n\n### Step 1: Prepare\n\nRead.\n\n### Step 2: Embed targets\n\n"
            + shell("embed images --output=a.bin")
            + "\n### Step 3: Embed sources\n\n" + shell("embed images --output=b.bin") + "\n### Step 4: Match\n\n"
            + shell("match --left=a.bin --right=b.bin")
        let workflow = try #require(Flow.run(try document(body)).value)
        #expect(workflow.steps.map(\.after) == [[], ["s1"], ["s1"], ["s2", "s3"]])
        #expect(workflow.parallel.map(\.kind) == [.instruction])
        #expect(workflow.parallel.map(\.steps) == [["s2", "s3"]])
    }

    @Test func `one operation for each of many things is data parallelism`() throws {
        let workflow = try #require(
            Flow.run(try document("## Steps\n\n1. Read the list.\n2. For each file, check it.\n3. Report.\n")).value)
        #expect(workflow.parallel.map(\.kind) == [.data])
        #expect(workflow.parallel.first?.steps == ["s2"])
    }

    @Test(arguments: [
        ("For each page, fetch it.", true), ("For each file, fix it. The files are independent of each other.", true),
        ("For each file, independently of the others, check that it is not empty.", true),
        ("For each file, fix it. The files are not independent of each other.", false),
        ("For each finding, apply the fix.", false), ("For each page, fetch it. Stop when one fails.", false),
    ])
    func `items are known to be independent when the text says so or only reads them`(said: String, isCertain: Bool)
        throws
    {
        let workflow = try #require(
            Flow.run(try document("## Steps\n\n1. Read the list.\n2. \(said)\n3. Report.\n")).value)
        #expect(workflow.parallel.map(\.isCertain) == [isCertain])
    }

    @Test(arguments: [
        "For each page, fetch it, one at a time.", "For each page, fetch it. Go on sequentially.",
        "Write the plan. Read the notes. Ask for more. For each page, fetch it. Join the pages. Send them.",
        "Start the run, so that the agent creates one folder per project.", "Do not use sub-agents for this.",
        "Run it with no sub-agents.",
    ])
    func `an order, a phase that says it somewhere, and agents that nobody starts are no chance`(said: String) throws {
        let workflow = try #require(
            Flow.run(try document("## Steps\n\n1. Read the list.\n2. \(said)\n3. Report.\n")).value)
        #expect(workflow.parallel.isEmpty, "\(workflow.parallel)")
    }

    @Test func `a bullet's label announces the list in it, a label in running text does not`() throws {
        let inBullet = "- **Workflow**:\n    1. Read it.\n    2. Answer it.\n    3. Send it.\n"
        #expect(try steps("# T\n\n## Notes\n\n" + inBullet).count == 3)
        let inText = "**Typical workflow:**\n\n1. Add it.\n2. Move it.\n3. Complete it.\n"
        #expect(try steps("# T\n\n## Tips\n\n" + inText).isEmpty)
    }

    @Test(arguments: [
        "## How to use\n\n1. Provide the file.\n2. Specify the options.\n3. I'll convert it.\n",
        "## How to export\n\n1. Open the app.\n2. Go to **Settings**.\n3. Click **Export**.\n",
        "## Troubleshooting\n\n### Not running\n\n1. Verify the service.\n2. Confirm the port.\n3. Check the log.\n",
        "## Usage\n\nIf the report shows changes:\n\n1. Read them.\n2. Merge them.\n3. Tell the user.\n",
    ])
    func `talk, clicks, remedies and what one case needs are no main procedure`(body: String) throws {
        #expect(try steps("# T\n\n" + body).isEmpty)
    }

    @Test func `a list goes on behind a code block that cuts it`() throws {
        let code = "\n" + shell("tool get") + "\n"
        let steps = try steps("# T\n\n## Workflow\n\n1. Get it:\n" + code + "2. Check it:\n" + code + "3. Save it.\n")
        #expect(steps.map(\.title) == ["Get it:", "Check it:", "Save it."])
    }

    @Test func `parts that do the same in another way have no steps in common`() throws {
        let body =
            "# T\n\n## Workflows\n\n### Cloning\n\n1. Search it.\n2. Clone it.\n3. Describe it.\n\n### Asking\n\n1. Read it.\n2. Answer.\n"
        #expect(try steps(body).map(\.title) == ["Search it.", "Clone it.", "Describe it."])
    }

    @Test func `bold numbers and letters count too`() throws {
        let bold = try steps(
            "# T\n\n## Steps\n\n**1. Upload**: now.\n\n**2. Embed**: then.\n\n**3. Download**: last.\n")
        #expect(bold.count == 3)
        let body = "# T\n\n### Phase L1: Read\n\nx\n\n### Phase L2: Write\n\nx\n\n### Phase P1: Read\n\nx\n"
        #expect(try steps(body).map(\.line) == [7, 11])
    }

    @Test func `comments that count in the first walk-through`() throws {
        let code = shell("# 1. Start\ntool start\n# 2. Log\ntool log\n# 3. Finish\ntool end")
        let steps = try steps("# T\n\n## Typical flow\n\n" + code)
        #expect(steps.map(\.title) == ["Start", "Log", "Finish"])
        let several = try self.steps("# T\n\n## Flow A\n\n" + code + "\n## Flow B\n\n" + code)
        #expect(several.map(\.line) == [10, 12, 14])
        #expect(try self.steps("# T\n\n## Cheat sheet\n\n" + code).isEmpty)
    }

    @Test func `in a list beyond a dozen, conditions belong to the step before`() throws {
        let items = (1...14).map { $0 % 5 == 0 ? "\($0). If it is \($0), wait.\n" : "\($0). Read part \($0).\n" }
        let steps = try steps("# T\n\n## Steps\n\n" + items.joined())
        #expect(steps.count == 12)
        #expect(!steps.contains { $0.title.hasPrefix("If") })
    }

    @Test func `ways to do one step need the step before, and the next waits for both`() throws {
        let body = ["1: Plan", "2: Check disk usage", "3: Check disk health", "4: Report"]
            .map { "### Step \($0)\n\nText.\n" }.joined(separator: "\n")
        #expect(try steps("# T\n\n## Flow\n\n" + body).map(\.after) == [[], ["s1"], ["s1"], ["s2", "s3"]])
    }

    @Test func `what a step makes and a later one points to by name is a dependence`() throws {
        let steps = try steps("## Steps\n\n1. Write the schedule.\n2. Ask for a date.\n3. Send the schedule.\n")
        #expect(steps.map(\.after) == [[], ["s1"], ["s1", "s2"]])
    }

    @Test(arguments: [
        "For each iteration, check it.", "Report the rate for each group.", "For each finding, include its line.",
        "Read what a sub-agent wrote.",
    ])
    func `turns that need one another, and mere reports, are no chances`(sentence: String) throws {
        let found = try #require(
            Flow.run(try document("## Steps\n\n1. Read the list.\n2. \(sentence)\n3. Report.\n")).value)
        #expect(found.parallel.isEmpty)
    }

    @Test func `sections that check or report after numbered headings end the procedure`() throws {
        let parts = (1...3).map { "## Step \($0): Build part \($0)\n\nText.\n\n" }.joined()
        let body = "# T\n\n\(parts)## Notes\n\nText.\n\n## Verification\n\nLook.\n\n## Final Response\n\nTell.\n"
        #expect(
            try steps(body).map(\.title)
                == ["Build part 1", "Build part 2", "Build part 3", "Verification", "Final Response"])
    }

    @Test func `a step zero in a section of its own comes before the list`() throws {
        let body =
            "# T\n\n## Step 0: Look around\n\nText.\n\n## Workflow\n\n1. Read it.\n2. Sort it.\n3. Write it.\n"
        #expect(try steps(body).map(\.title) == ["Look around", "Read it.", "Sort it.", "Write it."])
    }

    @Test func `a document called after issues has a procedure all the same`() throws {
        let parts = ["Discovery", "Analysis", "Report"].enumerated().map {
            "## Phase \($0.offset + 1): \($0.element)\n\nX.\n\n"
        }
        #expect(try steps("# Fix Issues\n\n" + parts.joined()).count == 3)
    }

    @Test func `a part numbered under a gerund is what the skill does`() throws {
        let parts = ["Gather it", "Choose one", "Build it"].enumerated().map {
            "### \($0.offset + 1). \($0.element)\n\nX.\n\n"
        }
        #expect(try steps("# Tracker\n\n## Adding a New Thing\n\n" + parts.joined()).count == 3)
    }

    @Test func `a step takes up the subject of one shortly before it`() throws {
        let body = "## Workflow\n\n1. Render the brochure.\n2. Ask somebody.\n3. Print the brochure.\n"
        #expect(try steps(body).map(\.after) == [[], ["s1"], ["s1", "s2"]])
    }

    @Test func `what you must do is told in instructions, what a thing must do in facts`() throws {
        let items = "1. Read the report.\n2. Name the faults.\n3. Wait for an answer.\n"
        #expect(try steps("# T\n\n## Work\n\nWhen it has run, you must:\n\n" + items).count == 3)
        #expect(try steps("# T\n\n## Work\n\nThe program must:\n\n" + items).isEmpty)
    }

    @Test func `under a title that speaks of output only a list of instructions is a procedure`() throws {
        let done = "1. Run the script.\n2. Read what it prints.\n3. Tell the user.\n"
        #expect(try steps("# T\n\n## Script output\n\n" + done).count == 3)
        #expect(try steps("# T\n\n## Script output\n\n1. The verdict.\n2. A table.\n3. Read more here.\n").isEmpty)
    }

    @Test func `what is done again is an instruction like what is done`() throws {
        #expect(
            try steps("# T\n\n## Use\n\n1. Re-read the plan.\n2. Re-check the tests.\n3. Unlock the door.\n").count == 3
        )
    }

    @Test func `objectives and directives say what is wanted, not what is done one after the other`() throws {
        let list = "1. Read the report.\n2. Name the faults.\n3. Keep it short.\n4. Write it down.\n"
        for title in ["Objectives", "Goals", "Directives"] {
            #expect(try steps("# T\n\n## \(title)\n\n" + list).isEmpty)
        }
    }

    @Test func `the parts of a text are no steps`() throws {
        let parts = (1...4).map { "## Part \($0): Defence \($0)\n\nRead it.\n\n" }.joined()
        #expect(try steps("# T\n\n" + parts).isEmpty)
    }

    @Test func `a list that names a range of steps is the whole that they are a part of`() throws {
        let parts = (1...4).map { "### Step \($0) — Mask \($0)\n\nRead column \($0).\n\n" }.joined()
        let found = try steps(
            "# T\n\n## Method\n\n" + parts
                + "## Execution Order\n\n1. Make the folder.\n2. Run the recipe (Steps 1–4).\n3. Write the report.\n")
        #expect(found.map(\.title) == ["Make the folder.", "Run the recipe (Steps 1–4).", "Write the report."])
    }

    @Test func `a list tells the whole of which a walk-through in a block is a case`() throws {
        let walk = "```bash\n# 1. Create the wallet\ntool new\n# 2. Check it\ntool show\n# 3. Fund it\ntool fund\n```\n"
        let list = (1...8).map { "\($0). Check the balance of the user's account \($0).\n" }.joined()
        #expect(try steps("# T\n\n## First flow\n\n" + walk + "\n## Paying\n\n" + list).count == 8)
        #expect(try steps("# T\n\n## First flow\n\n" + walk).count == 3)
    }

    @Test func `setting up is a procedure where nothing greater is and each item is an instruction`() throws {
        let setup = "## Setup\n\n1. Install the extension.\n2. Load it from its folder.\n3. Attach it.\n"
        #expect(try steps("# T\n\n" + setup + "\n## Commands\n\n- `a`\n- `b`\n").count == 3)
        #expect(
            try steps("# T\n\n" + setup + "\n## Workflow\n\n1. Open a page.\n2. Read it.\n3. Close it.\n4. Report.\n")
                .count == 4)
    }

    @Test func `what is set up before a section of counted steps is the first of them`() throws {
        let run =
            "## Run\n\n### Step 1 — Resolve the data\n\nLook.\n\n### Step 2 — Serve it\n\nGo.\n\n## Verify\n\nLook.\n"
        let found = try steps("# T\n\n## Base Code\n\n" + shell("git clone x") + "\n" + run)
        #expect(found.map(\.title) == ["Base Code", "Resolve the data", "Serve it", "Verify"])
        #expect(try steps("# T\n\n## Base Code\n\nIt is large.\n\n" + run).count == 3)
    }

    @Test func `the lists of the parts of one procedure are one, unless the parts count themselves`() throws {
        func body(_ first: String, _ second: String) -> String {
            "# T\n\n## Instructions\n\n### \(first)\n\n1. Ask for the path.\n2. Choose the model.\n3. Write it down.\n"
                + "\n### \(second)\n\n1. Run it on five images.\n2. Inspect the result.\n3. Scale it up.\n"
        }
        #expect(try steps(body("First", "Pilot")).count == 6)
        #expect(try steps(body("1. First", "2. Pilot")).count < 6)
        let tasks = body("First", "Pilot").replacing("## Instructions", with: "## Common tasks")
        #expect(try steps(tasks).count == 3)
    }

    @Test func `a section that says what to find out first, and one that says what to report, frame the steps`() throws
    {
        let phases = "### Phase 1: Scan\n\nx\n\n### Phase 2: Repair\n\nx\n\n"
        let framed = try steps(
            "# T\n\n## Inputs\n\nCollect these before running:\n\n- a\n\n## Workflow\n\n\(phases)"
                + "## Output\n\nProvide a summary of the changes.\n"
        ).map(\.title)
        #expect(framed == ["Inputs", "Scan", "Repair", "Output"])
        let told = try steps(
            "# T\n\n## Inputs\n\nTwo files.\n\n## Workflow\n\n\(phases)### Phase 3: Report the result\n\nx\n\n"
                + "## Output\n\nProvide a summary of the changes.\n"
        ).map(\.title)
        #expect(told == ["Scan", "Repair", "Report the result"])
    }

    @Test func `what is made far back is told as a dependence only where no step between waits for it`() throws {
        let workflow = try #require(
            Flow.run(
                try document(
                    "# T\n\n## Workflow\n\n1. Write `a.md`.\n2. Call home.\n3. Stay quiet.\n4. Read `a.md`.\n")
            ).value)
        #expect(workflow.steps.map(\.after) == [[], ["s1"], ["s2"], ["s3"]])
    }

    @Test func `a list under a Chinese title of a procedure is one, under one of advice it is none`() throws {
        let list = "1. Read the topic.\n2. Write the note.\n3. Send it.\n"
        #expect(try steps("# T\n\n## 完整工作流\n\n" + list).count == 3)
        #expect(try steps("# T\n\n## 注意事项\n\n" + list).isEmpty)
    }

    @Test func `a list in a block of text is the procedure only where the title says nothing else`() throws {
        let list = "```\n1. BROWSER SETUP\n   - open it\n2. LOGIN\n3. PAGE ANALYSIS\n4. FILL IN\n5. CONFIRMATION\n```\n"
        #expect(try steps("# T\n\n## Workflow\n\n" + list).map(\.line) == [10, 12, 13, 14, 15])
        #expect(try steps("# T\n\n## Report steps\n\n" + list).isEmpty)
    }
}

@Suite struct `Steps beside one another` {
    private func workflow(_ body: String) throws -> Workflow { try #require(Flow.run(try document(body)).value) }

    private static let steps = """

        1. Read the task.
        2. Review the style. Note what is odd. Look at each name. Look at each comment. Sum it up.
        3. Review the tests. Note what is odd. Look at each case. Look at each bound. Sum it up.
        4. Write the report.

        """

    @Test(arguments: [
        "Steps 2 and 3 run in parallel.", "Run steps 2-3 concurrently, each by an agent of its own.",
        "Phases 2 and 3 run simultaneously.",
    ])
    func `the text names them by their numbers`(said: String) throws {
        let workflow = try workflow("# T\n\n## Workflow\n\n\(said)\n\(Self.steps)")
        #expect(workflow.parallel.map(\.steps) == [["s2", "s3"]])
        #expect(workflow.parallel.map(\.kind) == [.thread])
        #expect(workflow.parallel.map(\.line) == [9])
        #expect(workflow.steps.map(\.after) == [[], ["s1"], ["s1"], ["s2", "s3"]])
    }

    @Test(arguments: [
        "Steps 2 and 3 must not run in parallel.", "Steps 2 and 9 run in parallel.", "Steps 2 and 3 come next.",
        "Never run steps 2 and 3 at the same time.", "The tests run in parallel.",
    ])
    func `what is denied, or said of something else, is no chance`(said: String) throws {
        #expect(try workflow("# T\n\n## Workflow\n\n\(said)\n\(Self.steps)").parallel.isEmpty)
    }

    @Test func `a sentence right before the first means all of them`() throws {
        let list = "\n\n1. Review the style.\n2. Review the tests.\n3. Review the names.\n"
        let said = try workflow("# T\n\n## Workflow\n\nLaunch three agents in parallel:\(list)")
        #expect(said.parallel.map(\.steps) == [["s1", "s2", "s3"]])
        #expect(said.parallel.map(\.kind) == [.thread])
        #expect(said.steps.map(\.after) == [[], [], []])
        #expect(try workflow("# T\n\n## Workflow\n\nLaunch agents in parallel. Do this:\(list)").parallel.isEmpty)
    }

    @Test func `looking from several sides is beside one another, in order it is not`() throws {
        func phases(_ titles: [String]) throws -> Workflow {
            try workflow(
                "# T\n\n" + titles.enumerated().map { "## Step \($0 + 1): \($1)\n\nLook closely.\n\n" }.joined())
        }
        let beside = try phases(["Read the code", "Security review", "Style review", "Report"])
        #expect(beside.parallel.map(\.steps) == [["s2", "s3"]])
        #expect(try phases(["Read the code", "Initial review", "Final review", "Report"]).parallel.isEmpty)
        #expect(try phases(["Read the code", "Security review", "Style fixes", "Report"]).parallel.isEmpty)
    }

    @Test func `a step that uses what the other makes waits for it, whatever is said`() throws {
        let workflow = try workflow(
            "## Workflow\n\nSteps 1 and 2 run in parallel.\n\n1. Write `a.md`.\n2. Read `a.md`, and check it.\n3. Stop.\n"
        )
        #expect(workflow.parallel.isEmpty)
        #expect(workflow.steps[1].after == ["s1"])
    }

    /// Each was held against each: minutes, with so many.
    @Test func `many short lists are looked at once each`() throws {
        let lists = (0..<5_000).map { "Word \($0):\n\n1. Run the tool\n2. Check the file\n\n" }.joined()
        let document = try document("Step 1: run it.\n\nStep 2: run that.\n\n" + lists)
        #expect(Flow.run(document).value != nil)
    }
}
