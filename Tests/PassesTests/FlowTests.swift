import Basics
import Passes
import SkillModel
import Testing

@Suite struct `Workflow found` {
    private func steps(_ body: String) throws -> [Workflow.Step] {
        try #require(Flow.run(try document(body)).value).steps
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
}
