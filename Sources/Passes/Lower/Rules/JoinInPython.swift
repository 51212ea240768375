import SkillModel

/// Queries over several tables → one plain query a table, and a program that joins.
///
/// `gen.code.sql` from L2 or L3 → L1 with `gen.code.python` L2. Only where SQL is a means: the text asks a database by its program,
/// is not about queries, and shows none of its own.
package struct JoinInPython: SubstitutionRule {
    package init() {}
    package static let id = "lower.instead.joined-in-python"
    package static let message = "had tables read one by one and joined in Python"
    package static let way = OtherWay.joinedInPython

    package static let examples: [RuleExample] = [
        RuleExample(
            """
            ---
            name: sample
            description: Reports sales.
            ---
            # Sales

            Tells what was sold.

            ⟦⟧## How

            Join the tables of orders and of customers with SQL, group by month, and sort.

            ```bash
            psql sales
            ```
            """,
            finds: "Read each table with a plain `SELECT`, and join, group and sort the rows in Python.",
            target: [.genCodeSQL: .l1]),
        .nothing(
            """
            ---
            name: sample
            description: Reports sales.
            ---
            # Sales

            Tells what was sold.

            ## How

            Join the tables of orders and of customers with SQL, group by month, and sort.

            ```bash
            psql sales
            ```
            """, target: [.genCodeSQL: .l1, .genCodePython: .l1]),
        // The SQL is what is made.
        .nothing(
            """
            ---
            name: sample
            description: Optimizes stored procedures and sql functions.
            ---
            # Stored procedures

            Makes them quick.

            ## How

            Ask what is slow. Join the tables of the plan with SQL.

            ```bash
            psql sales
            ```
            """, target: [.genCodeSQL: .l1]),
    ]
}
