import Basics
import SkillModel
import Testing

/// Skills of different shapes whose wrong variants `guard` must catch.
enum GuardMutationSkills {
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var body: String
        var files: [String] = []
        var testDescription: String { name }
    }

    static let all = [
        Sample(
            name: "a procedure with checks and an output", body: GuardMutationTests.body,
            files: ["scripts/read.py", "references/format.md"]),
        Sample(name: "a tool's reference", body: reference, files: ["references/flags.md"]),
        Sample(name: "nested steps under headings", body: nested, files: ["scripts/move.sh"]),
        Sample(name: "a guide to writing", body: guide),
        Sample(
            name: "lines that end in CR LF",
            body: guide.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: "\r\n")),
    ]

    private static let reference = """
        Queue tool
        ==========

        Controls the queue `jobs`. Use **only** version 2 or later.

        ## Commands

        ### List jobs

        ```bash
        queue list --state=open
        queue list --limit 20
        ```

        ### Retry a job

        Never retry more than 3 times:

        ```bash
        queue retry "$JOB_ID" \\
          --wait 30
        ```

        ## Exit codes

        Code | Meaning | What to do
        :--- | :-----: | ---:
        0 | done | nothing
        1 | failed | retry at most once
        2 | refused | ask the user

        ## Query

        ```sql
        SELECT id, state FROM jobs
        WHERE state <> 'done'
        ORDER BY id
        ```

        > **Note**: the limit is 100. Do not raise it.

        All flags are in [the list of flags](references/flags.md) and at <https://example.org/queue>.

        """

    private static let nested = """
        # Move a service

        ## Step 1: Prepare

        1. Stop the service, unless it is idle.
           - Ensure that no job runs.
           - Wait at least 10 seconds.
        2. Save the state:

           ```sh
           scripts/move.sh save state.json
           ```

        ## Step 2: Move

        1. Copy the state to the new host.
        2. If the copy fails:
           1. Remove the half copy.
           2. Go back to step 1.
        3. Start it with the same port.

        ## Step 3: Verify

        * Confirm that both hosts answer.
        * The count of jobs is required to be the same.

        Done when:

        - [ ] the old host is off
        - [ ] the new host has answered 2 times
        - [x] the state was saved

        ***

        Report back with exactly these sections: Summary, Moved, Left.

        """

    private static let guide = """
        # Release notes

        Write the notes of a release for its users. The tone is friendly.

        ## Rules

        - **Always** name the version first.
        - Do not use more than 5 bullets.
        - Each bullet must say what changes for the user, never how it was made.
        - Dates are written as `2026-01-31`.

        ## Template

        ```markdown
        # Version <version>

        ## New
        - <feature>

        ## Fixed
        - <fault>
        ```

        ## Words

        Good
        : says what it does

        Term | Instead of
        --- | ---
        fixed | resolved
        now | currently

        ## Acceptance

        1. Every change of the log is in the notes.
        2. No bullet is longer than 20 words.
        3. The reader has nothing to ask; if not, start again.

        ```json
        {
          "version": "1.2.0",
          "bullets": 5,
          "kinds": ["new", "fixed"]
        }
        ```

        """
}
