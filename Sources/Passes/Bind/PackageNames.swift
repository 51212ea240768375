/// Which package of a system's package manager has a program. Only programs whose package has another name, or that
/// skills ask for often; a program that is not here is checked and not installed: a guessed package is worse than none.
///
/// The names under apt were looked up in Debian 12's index; those under brew and apk are not checked by a machine.
struct PackageNames {
    struct Row {
        var program: String
        var apt: String?
        var brew: String?
        var apk: String?
        init(_ program: String, apt: String?, brew: String?, apk: String?) {
            self.program = program
            self.apt = apt
            self.brew = brew
            self.apk = apk
        }

        subscript(manager: String) -> String? {
            switch manager {
            case "apt": apt
            case "brew": brew
            case "apk": apk
            default: nil
            }
        }
    }

    static func row(program: String) -> Row? {
        for name in programs(of: program) { if let row = byProgram[name] { return row } }
        return nil
    }

    /// What a program is called on the path, the usual name first: texts name some by their product or package. Those
    /// that are known well.
    static func programs(of name: String) -> [String] { called[name] ?? [name] }

    private static let called: [String: [String]] = [
        "ripgrep": ["rg"], "fd-find": ["fd", "fdfind"], "fdfind": ["fdfind", "fd"], "batcat": ["batcat", "bat"],
        "imagemagick": ["magick", "convert"], "ghostscript": ["gs"], "graphviz": ["dot"], "httpie": ["http"],
        "the_silver_searcher": ["ag"], "silversearcher-ag": ["ag"], "neovim": ["nvim"], "awscli": ["aws"],
        "aws-cli": ["aws"], "azure-cli": ["az"], "google-cloud-sdk": ["gcloud"], "google-cloud-cli": ["gcloud"],
        "kubernetes-cli": ["kubectl"], "miller": ["mlr"], "nodejs": ["node", "nodejs"], "golang": ["go"],
        "github-cli": ["gh"], "gnupg": ["gpg", "gpg2"], "p7zip": ["7z", "7zz"], "sqlite": ["sqlite3"],
        "aria2": ["aria2c"], "git-delta": ["delta"], "tealdeer": ["tldr"], "difftastic": ["difft"],
        "du-dust": ["dust"], "poppler-utils": ["pdftotext"], "tesseract-ocr": ["tesseract"],
        "redis-tools": ["redis-cli"], "postgresql-client": ["psql"], "inotify-tools": ["inotifywait"],
        "moreutils": ["sponge"], "libreoffice": ["libreoffice", "soffice"], "exiftool": ["exiftool"],
        "powershell": ["pwsh"], "huggingface-cli": ["huggingface-cli", "hf"],
    ]

    /// Programs that compile Java.
    static let buildJava: Set<String> = ["javac", "mvn", "mvnw", "gradle", "gradlew", "ant", "native-image", "jar"]

    /// Folders below Homebrew's `opt` with programs of the formulae above that Homebrew does not put on the path (`keg_only`;
    /// Python's unversioned names).
    static let kegs = [
        "python/libexec/bin", "openjdk/bin", "libpq/bin", "mysql-client/bin", "ruby/bin", "sqlite/bin", "zip/bin",
        "unzip/bin",
    ]

    /// The row whose package under `manager` is `package`.
    static func row(package: String, of manager: String) -> Row? { rows.first { $0[manager] == package } }

    private static let byProgram = Dictionary(rows.map { ($0.program, $0) }, uniquingKeysWith: { first, _ in first })

    static let rows: [Row] = [
        Row("adb", apt: "adb", brew: nil, apk: "android-tools"),
        Row("ag", apt: "silversearcher-ag", brew: "the_silver_searcher", apk: "the_silver_searcher"),
        Row("ansible", apt: "ansible", brew: "ansible", apk: "ansible"),
        Row("aria2c", apt: "aria2", brew: "aria2", apk: "aria2"),
        Row("bat", apt: nil, brew: "bat", apk: "bat"),
        Row("batcat", apt: "bat", brew: nil, apk: nil),
        Row("bc", apt: "bc", brew: "bc", apk: "bc"),
        Row("cargo", apt: "cargo", brew: "rust", apk: "cargo"),
        Row("clang", apt: "clang", brew: "llvm", apk: "clang"),
        Row("clang-format", apt: "clang-format", brew: "clang-format", apk: "clang-extra-tools"),
        Row("cmake", apt: "cmake", brew: "cmake", apk: "cmake"),
        Row("composer", apt: "composer", brew: "composer", apk: "composer"),
        Row("composite", apt: "imagemagick", brew: "imagemagick", apk: "imagemagick"),
        Row("convert", apt: "imagemagick", brew: "imagemagick", apk: "imagemagick"),
        Row("cppcheck", apt: "cppcheck", brew: "cppcheck", apk: "cppcheck"),
        Row("crontab", apt: "cron", brew: nil, apk: nil),
        Row("curl", apt: "curl", brew: "curl", apk: "curl"),
        Row("cwebp", apt: "webp", brew: "webp", apk: "libwebp-tools"),
        Row("dig", apt: "dnsutils", brew: "bind", apk: "bind-tools"),
        Row("docker", apt: "docker.io", brew: "docker", apk: "docker-cli"),
        Row("dot", apt: "graphviz", brew: "graphviz", apk: "graphviz"),
        Row("exiftool", apt: "libimage-exiftool-perl", brew: "exiftool", apk: "exiftool"),
        Row("fd", apt: nil, brew: "fd", apk: "fd"),
        Row("fdfind", apt: "fd-find", brew: nil, apk: nil),
        Row("ffmpeg", apt: "ffmpeg", brew: "ffmpeg", apk: "ffmpeg"),
        Row("ffprobe", apt: "ffmpeg", brew: "ffmpeg", apk: "ffmpeg"),
        Row("file", apt: "file", brew: "libmagic", apk: "file"),
        Row("fzf", apt: "fzf", brew: "fzf", apk: "fzf"),
        Row("g++", apt: "g++", brew: "gcc", apk: "g++"),
        Row("gcc", apt: "gcc", brew: "gcc", apk: "gcc"),
        Row("gdb", apt: "gdb", brew: "gdb", apk: "gdb"),
        Row("gem", apt: "ruby", brew: "ruby", apk: "ruby"),
        Row("gh", apt: "gh", brew: "gh", apk: "github-cli"),
        Row("ghc", apt: "ghc", brew: "ghc", apk: "ghc"),
        Row("gifsicle", apt: "gifsicle", brew: "gifsicle", apk: "gifsicle"),
        Row("git", apt: "git", brew: "git", apk: "git"),
        Row("git-lfs", apt: "git-lfs", brew: "git-lfs", apk: "git-lfs"),
        Row("glab", apt: nil, brew: "glab", apk: "glab"),
        Row("gnuplot", apt: "gnuplot", brew: "gnuplot", apk: "gnuplot"),
        Row("go", apt: "golang-go", brew: "go", apk: "go"),
        Row("gpg", apt: "gnupg", brew: "gnupg", apk: "gnupg"),
        Row("gradle", apt: "gradle", brew: "gradle", apk: "gradle"),
        Row("gs", apt: "ghostscript", brew: "ghostscript", apk: "ghostscript"),
        Row("helm", apt: nil, brew: "helm", apk: "helm"),
        Row("hg", apt: "mercurial", brew: "mercurial", apk: "mercurial"),
        Row("himalaya", apt: nil, brew: "himalaya", apk: "himalaya"),
        Row("hledger", apt: "hledger", brew: "hledger", apk: nil),
        Row("htop", apt: "htop", brew: "htop", apk: "htop"),
        Row("identify", apt: "imagemagick", brew: "imagemagick", apk: "imagemagick"),
        Row("inkscape", apt: "inkscape", brew: nil, apk: "inkscape"),
        Row("ip", apt: "iproute2", brew: nil, apk: "iproute2"),
        Row("java", apt: "default-jre-headless", brew: "openjdk", apk: "openjdk17-jre-headless"),
        Row("javac", apt: "default-jdk-headless", brew: "openjdk", apk: "openjdk17-jdk"),
        Row("journalctl", apt: "systemd", brew: nil, apk: nil),
        Row("jpegoptim", apt: "jpegoptim", brew: "jpegoptim", apk: "jpegoptim"),
        Row("jq", apt: "jq", brew: "jq", apk: "jq"),
        Row("khal", apt: "khal", brew: "khal", apk: "khal"),
        Row("kubectl", apt: nil, brew: "kubernetes-cli", apk: "kubectl"),
        Row("latexmk", apt: "latexmk", brew: nil, apk: nil),
        Row("libreoffice", apt: "libreoffice", brew: nil, apk: "libreoffice"),
        Row("lsof", apt: "lsof", brew: "lsof", apk: "lsof"),
        Row("lua", apt: "lua5.4", brew: "lua", apk: "lua5.4"),
        Row("lynx", apt: "lynx", brew: "lynx", apk: "lynx"),
        Row("magick", apt: nil, brew: "imagemagick", apk: "imagemagick"),
        Row("make", apt: "make", brew: "make", apk: "make"),
        Row("mdbook", apt: nil, brew: "mdbook", apk: "mdbook"),
        Row("mediainfo", apt: "mediainfo", brew: "mediainfo", apk: "mediainfo"),
        Row("meson", apt: "meson", brew: "meson", apk: "meson"),
        Row("mkvmerge", apt: "mkvtoolnix", brew: "mkvtoolnix", apk: "mkvtoolnix"),
        Row("mogrify", apt: "imagemagick", brew: "imagemagick", apk: "imagemagick"),
        Row("mpv", apt: "mpv", brew: "mpv", apk: "mpv"),
        Row("msmtp", apt: "msmtp", brew: "msmtp", apk: "msmtp"),
        Row("mutt", apt: "mutt", brew: "mutt", apk: "mutt"),
        Row("mvn", apt: "maven", brew: "maven", apk: "maven"),
        Row("mysql", apt: "default-mysql-client", brew: "mysql-client", apk: "mysql-client"),
        Row("mysqldump", apt: "default-mysql-client", brew: "mysql-client", apk: "mysql-client"),
        Row("nc", apt: "netcat-openbsd", brew: "netcat", apk: "netcat-openbsd"),
        Row("nginx", apt: "nginx", brew: "nginx", apk: "nginx"),
        Row("ninja", apt: "ninja-build", brew: "ninja", apk: "samurai"),
        Row("nmap", apt: "nmap", brew: "nmap", apk: "nmap"),
        Row("node", apt: "nodejs", brew: "node", apk: "nodejs"),
        Row("notify-send", apt: "libnotify-bin", brew: "libnotify", apk: "libnotify"),
        Row("npm", apt: "npm", brew: "node", apk: "npm"),
        Row("npx", apt: "npm", brew: "node", apk: "npm"),
        Row("nslookup", apt: "dnsutils", brew: "bind", apk: "bind-tools"),
        Row("octave", apt: "octave", brew: "octave", apk: "octave"),
        Row("openssl", apt: "openssl", brew: "openssl@3", apk: "openssl"),
        Row("optipng", apt: "optipng", brew: "optipng", apk: "optipng"),
        Row("pandoc", apt: "pandoc", brew: "pandoc", apk: "pandoc"),
        Row("pass", apt: "pass", brew: "pass", apk: "pass"),
        Row("pdfimages", apt: "poppler-utils", brew: "poppler", apk: "poppler-utils"),
        Row("pdfinfo", apt: "poppler-utils", brew: "poppler", apk: "poppler-utils"),
        Row("pdflatex", apt: "texlive-latex-base", brew: nil, apk: "texlive"),
        Row("pdftk", apt: "pdftk-java", brew: "pdftk-java", apk: "pdftk"),
        Row("pdftoppm", apt: "poppler-utils", brew: "poppler", apk: "poppler-utils"),
        Row("pdftotext", apt: "poppler-utils", brew: "poppler", apk: "poppler-utils"),
        Row("perl", apt: "perl", brew: "perl", apk: "perl"),
        Row("pg_dump", apt: "postgresql-client", brew: "libpq", apk: "postgresql-client"),
        Row("pg_restore", apt: "postgresql-client", brew: "libpq", apk: "postgresql-client"),
        Row("php", apt: "php-cli", brew: "php", apk: "php"),
        Row("pip", apt: "python3-pip", brew: "python", apk: "py3-pip"),
        Row("pip3", apt: "python3-pip", brew: "python", apk: "py3-pip"),
        Row("pipx", apt: "pipx", brew: "pipx", apk: "pipx"),
        Row("pngquant", apt: "pngquant", brew: "pngquant", apk: "pngquant"),
        Row("podman", apt: "podman", brew: "podman", apk: "podman"),
        Row("protoc", apt: "protobuf-compiler", brew: "protobuf", apk: "protobuf-dev"),
        Row("psql", apt: "postgresql-client", brew: "libpq", apk: "postgresql-client"),
        Row("pytest", apt: "python3-pytest", brew: nil, apk: "py3-pytest"),
        Row("python", apt: "python-is-python3", brew: "python", apk: "python3"),
        Row("python3", apt: "python3", brew: "python", apk: "python3"),
        Row("qpdf", apt: "qpdf", brew: "qpdf", apk: "qpdf"),
        Row("R", apt: "r-base-core", brew: "r", apk: "R"),
        Row("rclone", apt: "rclone", brew: "rclone", apk: "rclone"),
        Row("redis-cli", apt: "redis-tools", brew: "redis", apk: "redis"),
        Row("rg", apt: "ripgrep", brew: "ripgrep", apk: "ripgrep"),
        Row("Rscript", apt: "r-base-core", brew: "r", apk: "R"),
        Row("rsync", apt: "rsync", brew: "rsync", apk: "rsync"),
        Row("ruby", apt: "ruby", brew: "ruby", apk: "ruby"),
        Row("rustc", apt: "rustc", brew: "rust", apk: "rust"),
        Row("scp", apt: "openssh-client", brew: "openssh", apk: "openssh-client-default"),
        Row("scrot", apt: "scrot", brew: nil, apk: "scrot"),
        Row("secret-tool", apt: "libsecret-tools", brew: "libsecret", apk: "libsecret"),
        Row("sftp", apt: "openssh-client", brew: "openssh", apk: "openssh-client-default"),
        Row("shellcheck", apt: "shellcheck", brew: "shellcheck", apk: "shellcheck"),
        Row("soffice", apt: "libreoffice", brew: nil, apk: "libreoffice"),
        Row("sox", apt: "sox", brew: "sox", apk: "sox"),
        Row("sqlite3", apt: "sqlite3", brew: "sqlite", apk: "sqlite"),
        Row("ss", apt: "iproute2", brew: nil, apk: "iproute2"),
        Row("ssh", apt: "openssh-client", brew: "openssh", apk: "openssh-client-default"),
        Row("ssh-keygen", apt: "openssh-client", brew: "openssh", apk: "openssh-keygen"),
        Row("strace", apt: "strace", brew: nil, apk: "strace"),
        Row("streamlink", apt: "streamlink", brew: "streamlink", apk: nil),
        Row("svn", apt: "subversion", brew: "subversion", apk: "subversion"),
        Row("systemctl", apt: "systemd", brew: nil, apk: nil),
        Row("tesseract", apt: "tesseract-ocr", brew: "tesseract", apk: "tesseract-ocr"),
        Row("tmux", apt: "tmux", brew: "tmux", apk: "tmux"),
        Row("traceroute", apt: "traceroute", brew: nil, apk: nil),
        Row("tree", apt: "tree", brew: "tree", apk: "tree"),
        Row("units", apt: "units", brew: nil, apk: nil),
        Row("unzip", apt: "unzip", brew: "unzip", apk: "unzip"),
        Row("uv", apt: nil, brew: "uv", apk: "uv"),
        Row("uvx", apt: nil, brew: "uv", apk: "uv"),
        Row("valgrind", apt: "valgrind", brew: nil, apk: "valgrind"),
        Row("vdirsyncer", apt: "vdirsyncer", brew: "vdirsyncer", apk: "vdirsyncer"),
        Row("w3m", apt: "w3m", brew: "w3m", apk: "w3m"),
        Row("wget", apt: "wget", brew: "wget", apk: "wget"),
        Row("wl-copy", apt: "wl-clipboard", brew: nil, apk: "wl-clipboard"),
        Row("xclip", apt: "xclip", brew: nil, apk: "xclip"),
        Row("xdotool", apt: "xdotool", brew: nil, apk: "xdotool"),
        Row("xelatex", apt: "texlive-xetex", brew: nil, apk: "texlive-xetex"),
        Row("xmllint", apt: "libxml2-utils", brew: "libxml2", apk: "libxml2-utils"),
        Row("xmlstarlet", apt: "xmlstarlet", brew: "xmlstarlet", apk: "xmlstarlet"),
        Row("xz", apt: "xz-utils", brew: "xz", apk: "xz"),
        // Debian's yq is another program than the one that Homebrew and most texts call so.
        Row("yq", apt: nil, brew: "yq", apk: "yq-go"),
        Row("yt-dlp", apt: "yt-dlp", brew: "yt-dlp", apk: "yt-dlp"),
        Row("zbarimg", apt: "zbar-tools", brew: "zbar", apk: "zbar"),
        Row("zip", apt: "zip", brew: "zip", apk: "zip"),
        Row("zsh", apt: "zsh", brew: "zsh", apk: "zsh"),
        Row("zstd", apt: "zstd", brew: "zstd", apk: "zstd"),
    ]
}
