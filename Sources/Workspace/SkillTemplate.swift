import SkillModel

/// What `skvm new` writes: a small skill that builds, with a script that runs.
enum SkillTemplate {
    static func files(_ name: PackageName) -> [(path: String, text: String, isExecutable: Bool)] {
        [
            ("SKILL.md", skill(name), false), ("scripts/count_lines.sh", script, true),
            ("skvm.toml", manifest(name), false),
        ]
    }

    private static func skill(_ name: PackageName) -> String {
        """
        ---
        name: \(name)
        description: Counts the lines of text files. Use when somebody asks how long files are.
        ---

        # \(name)

        ## Steps

        1. List the files that the request names.
        2. Run the script on them:

           ```bash
           scripts/count_lines.sh FILE...
           ```

        3. Answer with a table of file and lines, the longest first.

        Never change the files.

        """
    }

    private static let script = """
        #!/bin/sh
        # count_lines.sh FILE...: lines and name of each file, the longest first.
        set -eu
        for file in "$@"; do
            printf '%s\\t%s\\n' "$(wc -l < "$file" | tr -d ' ')" "$file"
        done | sort -rn

        """

    private static func manifest(_ name: PackageName) -> String {
        """
        [package]
        name = "\(name)"
        version = "0.1.0"

        """
    }
}
