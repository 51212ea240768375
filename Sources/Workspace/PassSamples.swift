/// The skills over which `skvm check --pass` runs a pass: small, of every shape that passes have stumbled over.
enum PassSamples {
    struct Sample {
        var name: String
        var files: [(path: String, text: String)]
    }

    static let all = [
        Sample(name: "sample-bare", files: [("SKILL.md", frontMatter("bare"))]),
        Sample(name: "sample-procedure", files: [("SKILL.md", procedure), ("scripts/collect.py", script)]),
        Sample(name: "sample-reference", files: [("SKILL.md", reference)]),
        Sample(
            name: "sample-windows",
            files: [("SKILL.md", "\u{FEFF}" + procedure.replacing("\n", with: "\r\n")), ("scripts/collect.py", script)]),
        Sample(name: "sample-letters", files: [("SKILL.md", letters)]),
        Sample(name: "sample-unclosed", files: [("SKILL.md", unclosed)]),
    ]

    private static func frontMatter(_ name: String) -> String {
        "---\nname: \(name)\ndescription: Shows a pass what a skill can look like. Use it for nothing else.\n---\n"
    }

    private static let script = "import csv\nprint(csv.reader)\n"

    private static let procedure =
        frontMatter("procedure") + """

            # Weekly report

            ## Steps

            1. Collect the figures:

               ```bash
               mkdir -p out && python3 scripts/collect.py data.csv > out/figures.csv && sort -u out/figures.csv
               ```

            2. Read `out/figures.csv` and check that every row has a date.
            3. Write `out/summary.md` with one paragraph for each name.

            ## Rules

            - The summary must be shorter than 200 words.
            - Never change a figure. See [the script](scripts/collect.py).

            TODO: say what to do without figures.

            """

    /// Long tables and examples, over the budget of the target that the samples are compiled for.
    private static let reference =
        frontMatter("reference") + """

            # Image service

            Answer questions about the service from these pages.

            ## When to use

            Use it when somebody asks how a picture is made smaller.

            ## Parameters

            | name | type | meaning |
            |---|---|---|

            """ + (1...40).map { "| size-\($0) | integer | edge number \($0) of the picture, in pixels |\n" }.joined()
            + """

            ## Example answers

            ```json

            """ + (1...40).map { "{\"picture\": \($0), \"width\": \($0 * 16), \"height\": \($0 * 9)}\n" }.joined() + """
            ```

            ## Rules

            - Never send a picture to another host.

            """

    private static let letters =
        frontMatter("letters") + """

            # Grüße — 你好 🧭 e\u{301}

            Text with a zero\u{200B}width space, a *`code`* span and a \\| pipe.

            > 1. A step in a quote
            >    - with a list
            >      ```
            >      and code
            >      ```

            | a \\| b | `c | d` |
            |---|:-:|
            | 1 | <b>2</b> |

            <!-- a comment -->

            - [ ] an open box
            - [x] a ticked box

            """

    private static let unclosed =
        frontMatter("unclosed") + "\n# Unclosed\n\nThe fence is never closed:\n\n```python\nprint('to the end')\n"
}
