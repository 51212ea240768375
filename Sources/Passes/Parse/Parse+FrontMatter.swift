package import SkillModel

extension Parse {
    /// The front matter of SKILL.md's bytes alone: enough to learn a skill's name before anything is compiled.
    package static func frontMatter(of bytes: [UInt8]) -> FrontMatter {
        FrontMatterReader(SourceText(bytes)).read().frontMatter
    }
}
