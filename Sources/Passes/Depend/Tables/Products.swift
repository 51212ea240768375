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
        "pester": Needed(.binary, "pwsh"), "ollama": Needed(.binary, "ollama"),
    ]

    /// Frameworks that code is written for.
    static let frameworks: [String: Needed] = [
        "react": Needed(.npm, "react"), "vue": Needed(.npm, "vue"), "svelte": Needed(.npm, "svelte"),
        "angular": Needed(.npm, "@angular/core"), "next.js": Needed(.npm, "next"), "nextjs": Needed(.npm, "next"),
        "remotion": Needed(.npm, "remotion"), "three.js": Needed(.npm, "three"), "threejs": Needed(.npm, "three"),
        "tailwind": Needed(.npm, "tailwindcss"), "convex": Needed(.npm, "convex"), "prisma": Needed(.npm, "prisma"),
        "express": Needed(.npm, "express"), "nestjs": Needed(.npm, "@nestjs/core"), "astro": Needed(.npm, "astro"),
        "expo": Needed(.npm, "expo"), "electron": Needed(.npm, "electron"), "gsap": Needed(.npm, "gsap"),
        "playwright": Needed(.npm, "playwright"), "storybook": Needed(.npm, "storybook"), "hono": Needed(.npm, "hono"),
        "django": Needed(.pip, "django"), "flask": Needed(.pip, "flask"), "fastapi": Needed(.pip, "fastapi"),
        "pytorch": Needed(.pip, "torch"), "tensorflow": Needed(.pip, "tensorflow"), "pandas": Needed(.pip, "pandas"),
        "langchain": Needed(.pip, "langchain"), "streamlit": Needed(.pip, "streamlit"),
        "pydantic": Needed(.pip, "pydantic"),
        "transformers": Needed(.pip, "transformers"), "numpy": Needed(.pip, "numpy"), "polars": Needed(.pip, "polars"),
    ]

    /// Programs whose names are words of English: in prose they are programs only with more evidence.
    static let commonWords: Set<String> = [
        "age", "act", "as", "say", "open", "make", "just", "go", "fly", "flutter", "dart", "dot", "identify", "convert",
        "mix", "rake", "op", "watch", "view", "which", "black", "codex", "claude", "gemini", "goose", "slack", "stripe",
        "spotify", "screen", "turbo", "vault", "hugo", "whisper", "just", "http", "nx", "mc", "fd", "gs", "ab", "hf",
        "bat",
        "jest", "prisma", "playwright", "cypress", "expo", "remotion", "chroma", "compass", "linkerd", "copilot",
        "opencode",
        "composer", "rails", "ruby", "rust", "swift", "java", "php", "perl", "kind", "sam", "wp", "dbt", "mypy",
        "serverless",
        "lighthouse", "mermaid", "marp", "puppeteer", "quarto", "jupyter", "railway", "netlify", "vercel", "supabase",
        "firebase", "twilio", "databricks", "vite", "esbuild", "rollup", "openclaw", "clawdbot", "mcp", "R", "npm",
        "ollama",
        "django", "tauri", "buf", "rich", "bundle", "ninja", "scp", "tsc", "eslint", "prettier", "node", "python",
        "zip",
        "heroku", "volta", "nginx", "redis", "astro", "svn", "typst", "magick", "semgrep", "pulumi", "terraform", "fzf",
        "browser-use", "git", "docker", "vllm", "uv", "helm", "conda", "curl", "azure", "az", "bun", "deno", "vitest",
    ]
}
