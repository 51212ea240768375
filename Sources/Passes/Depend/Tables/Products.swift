import SkillModel

/// Names of products in running text and what has to be installed for them. Collected by hand from the products' own
/// installation pages.
enum Products {
    struct Needed: Sendable {
        var kind: Dependency.Kind
        var name: String
        init(_ kind: Dependency.Kind, _ name: String) {
            self.kind = kind
            self.name = name
        }
    }

    /// Said to be required in prose.
    static let needed: [String: Needed] = [
        "node.js": Needed(.binary, "node"), "nodejs": Needed(.binary, "node"), "node": Needed(.binary, "node"),
        "python": Needed(.binary, "python3"), "python3": Needed(.binary, "python3"),
        "docker": Needed(.binary, "docker"), "ffmpeg": Needed(.binary, "ffmpeg"), "git": Needed(.binary, "git"),
        "pandoc": Needed(.binary, "pandoc"), "libreoffice": Needed(.binary, "libreoffice"),
        "imagemagick": Needed(.binary, "magick"), "graphviz": Needed(.binary, "dot"), "tmux": Needed(.binary, "tmux"),
        "tesseract": Needed(.binary, "tesseract"), "kubernetes": Needed(.binary, "kubectl"),
        "nvidia-container-toolkit": Needed(.apt, "nvidia-container-toolkit"), "bun": Needed(.binary, "bun"),
        "deno": Needed(.binary, "deno"), "homebrew": Needed(.binary, "brew"), "powershell": Needed(.binary, "pwsh"),
        "poppler": Needed(.apt, "poppler-utils"), "poppler-utils": Needed(.apt, "poppler-utils"),
        "pester": Needed(.binary, "pwsh"), "ollama": Needed(.binary, "ollama"), "java": Needed(.binary, "java"),
        "ruby": Needed(.binary, "ruby"), "php": Needed(.binary, "php"), "golang": Needed(.binary, "go"),
        "rust": Needed(.binary, "cargo"), "perl": Needed(.binary, "perl"), "npm": Needed(.binary, "npm"),
        "maven": Needed(.binary, "mvn"), "gradle": Needed(.binary, "gradle"), "plantuml": Needed(.binary, "plantuml"),
        "chromium": Needed(.binary, "chromium"), "xcode": Needed(.binary, "xcodebuild"),
        "ripgrep": Needed(.binary, "rg"), ".net": Needed(.binary, "dotnet"), "nginx": Needed(.binary, "nginx"),
    ]

    /// The library or framework that words from `index` on name; its version may be part of the word (`react19`).
    static func framework(_ words: [Word], at index: Int) -> (length: Int, package: Needed)? {
        if let (length, package) = KnownPackages.frameworks.match(words, at: index) { return (length, package) }
        let word = words[index].lower
        guard word.last?.isNumber == true else { return nil }
        let name = String(word.reversed().drop { $0.isNumber }.reversed())
        return KnownPackages.frameworks.value(of: name).map { (1, $0) }
    }

    /// What code is built and typed with: a need only where a stack is told.
    static let buildTools: [String: Needed] = [
        "vite": Needed(.npm, "vite"), "parcel": Needed(.npm, "parcel"), "typescript": Needed(.npm, "typescript"),
        "webpack": Needed(.npm, "webpack"), "esbuild": Needed(.npm, "esbuild"), "vitest": Needed(.npm, "vitest"),
        "jest": Needed(.npm, "jest"), "zod": Needed(.npm, "zod"), "zustand": Needed(.npm, "zustand"),
        "eslint": Needed(.npm, "eslint"), "redux": Needed(.npm, "redux"), "drizzle": Needed(.npm, "drizzle-orm"),
        "sqlalchemy": Needed(.pip, "sqlalchemy"), "celery": Needed(.pip, "celery"), "pytest": Needed(.pip, "pytest"),
    ]

    /// Of several words, by their first.
    static func needed(_ words: [Word], at index: Int) -> Needed? {
        for (phrase, product) in phrases
        where phrase[0] == words[index].lower && words[index...].map(\.lower).starts(with: phrase) {
            return product
        }
        return needed[words[index].lower]
    }

    private static let phrases: [([String], Needed)] = [
        (["nvidia", "container", "toolkit"], Needed(.apt, "nvidia-container-toolkit")),
        (["github", "cli"], Needed(.binary, "gh")), (["google", "cloud", "sdk"], Needed(.binary, "gcloud")),
        (["google", "cloud", "cli"], Needed(.binary, "gcloud")), (["aws", "cli"], Needed(.binary, "aws")),
        (["azure", "cli"], Needed(.binary, "az")), (["docker", "compose"], Needed(.binary, "docker")),
        (["node", "js"], Needed(.binary, "node")), (["gnu", "parallel"], Needed(.binary, "parallel")),
    ]

    /// Programs whose names are words of English or names of other things: in prose they are programs only when written
    /// as code.
    static let commonWords: Set<String> = [
        "age", "act", "as", "say", "open", "make", "just", "go", "fly", "flutter", "dart", "dot", "identify", "convert",
        "mix", "rake", "op", "watch", "view", "which", "black", "codex", "claude", "gemini", "goose", "slack", "stripe",
        "spotify", "screen", "turbo", "vault", "hugo", "whisper", "http", "nx", "mc", "fd", "gs", "ab", "hf", "bat",
        "expo", "chroma", "compass", "copilot", "composer", "rails", "swift", "kind", "sam", "wp", "serverless",
        "lighthouse", "mermaid", "puppeteer", "railway", "netlify", "vercel", "supabase", "firebase", "twilio",
        "databricks", "openclaw", "clawdbot", "mcp", "R", "django", "buf", "rich", "bundle", "ninja", "zip", "heroku",
        "redis", "astro", "fzf", "azure", "ip", "ss", "dig", "nix", "ng", "security", "process", "npm", "playwright",
        "jest", "prisma", "cypress", "remotion", "linkerd", "opencode", "jupyter", "ollama", "storybook", "nginx",
        "vllm", "sglang", "semgrep", "typst", "mamba", "chromium",
    ]

    /// Words of English that stand as code for other things than a program: never one by the name alone.
    static let ambiguousCode: Set<String> = [
        "kind", "dot", "open", "process", "act", "identify", "convert", "watch", "view", "screen", "say", "age", "mix",
        "rich", "op", "as", "which", "just", "http", "security", "R", "make", "go", "bundle", "zip", "vault", "compass",
    ]
}
