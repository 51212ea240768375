/// Rules in many words and in seven languages, none of which may leave SKILL.md.
enum GuardMovedRules {
    static let english = [
        "Deployments at the weekend are prohibited.", "You can't publish without a backup.",
        "A second reader is mandatory.",
        "The merge needs two approvals.", "Summaries are limited to 120 words.", "The maximum is 40 attachments.",
        "Nobody but the maintainer tags a version.", "Red builds block the merge.",
        "Until the maintainer agrees, everything stays a draft.", "Refuse uploads from strangers.",
        "Secrets don't belong in logs.", "The production branch is off limits.",
        "Writing to the archive is not permitted.",
        "Customers may not be contacted.", "Each change requires a ticket.", "Keys have to be rotated monthly.",
        "An answer should name its source.", "Only the owner deletes records.", "Prices are never rounded up.",
        "All runs shall be logged.", "Retries are capped at five.", "Messages exceed no more than one page.",
        "Stop when the user objects.", "Ask before money is spent.", "Without consent nothing is sent.",
        "Files over 10 MB are rejected.", "The header is compulsory.", "Access is restricted to editors.",
        "It is illegal to keep the card number.", "Do the backup first.", "Unless the test passes, abort.",
        "Names are to be masked.", "Drafts expire after 30 days.", "The minimum is three samples.",
        "Personal data is forbidden in reports.", "Approval is due before payment.",
        "Every answer ends with the disclaimer, always.",
        "Avoid the legacy interface.", "Wait for the human.", "Exactly one answer is allowed.", "Verify the sum.",
        "No calls at night.", "Nothing leaves the network.", "Neither name nor address is shown.",
        "The quota is 100 calls.",
        "Hands off the ledger.", "You are responsible for the rollback.", "It is essential to keep the order.",
    ]

    /// German, French, Spanish, Italian, Polish; Chinese, Japanese, Russian.
    static let others = [
        "Produktive Datenbanken werden niemals ohne Freigabe gelöscht.", "Nur die Leitung darf Rechnungen freigeben.",
        "Vor jedem Lauf ist eine Sicherung anzulegen.", "Am Wochenende wird nichts ausgeliefert.",
        "Ne supprimez jamais les données du client.", "Deux validations sont obligatoires avant la publication.",
        "Seul le responsable signe le contrat.", "Il est interdit de contacter la presse.",
        "No borres nunca los datos del cliente.", "Se necesitan dos aprobaciones para publicar.",
        "Queda prohibido enviar correos los domingos.", "Solamente la dirección firma el contrato.",
        "Non cancellare mai i dati del cliente.", "Servono due approvazioni prima della pubblicazione.",
        "Nigdy nie usuwaj danych klienta.", "Przed publikacją wymagane są dwie zgody.",
        "发布之前必须备份。", "禁止删除客户的数据。", "只有负责人可以批准付款。", "至少需要两个人审核。",
        "公開の前に必ずバックアップを取ること。", "顧客のデータを削除してはならない。", "責任者だけが承認できる。",
        "Никогда не удаляйте данные клиента.", "Перед публикацией обязательна резервная копия.",
    ]

    /// Where a rule can hide in a section of reference.
    static let forms: [(name: String, text: @Sendable (String) -> String)] = [
        ("paragraph", { "\($0)\n" }),
        ("item", { "- `list`: find pages\n- \($0)\n- `show`: one page\n" }),
        ("bold label", { "- **Pages**: all pages of the site\n- **Pages of others**: \($0)\n" }),
        ("code label", { "- `list`: find pages\n- `drop`: \($0)\n" }),
        (
            "cell",
            { "| name | meaning |\n|---|---|\n| list | pages of the site |\n| drop | \($0) |\n| show | one page |\n" }
        ),
        ("lead-in", { "\($0.dropLast()):\n\n| name | type |\n|---|---|\n| list | text |\n" }),
        ("quote", { "> \($0)\n" }),
        ("heading", { "### \($0.dropLast())\n\n| name | type |\n|---|---|\n| list | text |\n" }),
        ("nested", { "- `list`: find pages\n  - `all`: pages of the site\n    - \($0)\n" }),
        ("step", { "1. \($0)\n" }),
    ]

    /// Where it can hide in code: as a comment, and in a form to fill in.
    static let codeForms: [(name: String, text: @Sendable (String) -> String)] = [
        ("comment", { "```bash\nlist --all\n# \($0)\ndrop --all\n```\n" }),
        ("plain fence", { "```\n\($0)\n```\n" }),
    ]
}
