/// What the titles of Chinese skills say of their sections. Chinese sets no blanks between words: a title is searched for
/// the word, most telling first.
enum ChineseTitles {
    /// The role that a title names; nil when it names none. O(bytes of the title × words).
    static func role(of title: String) -> SectionRole? {
        guard title.utf8.count <= 200, title.utf8.contains(where: { $0 >= 0xE4 && $0 <= 0xE9 }) else { return nil }
        return table.first { entry in entry.words.contains { title.contains($0) } }?.role
    }

    private static let table: [(role: SectionRole, words: [String])] = [
        (.troubleshooting, ["故障", "排查", "常见问题", "错误处理", "限制"]),
        (.advice, ["注意", "提示", "建议", "最佳实践", "技巧"]),
        (.procedure, ["工作流", "流程", "步骤"]),
        (.example, ["示例", "例子", "案例"]),
        (.setup, ["安装", "配置", "环境"]),
        (.rules, ["规则", "原则", "约束"]),
        (.outputs, ["输出", "报告格式"]),
        (.reference, ["命令", "用法", "参考", "目录结构"]),
        (.background, ["简介", "概述", "功能", "触发", "使用场景"]),
    ]
}
