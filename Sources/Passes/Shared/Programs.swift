/// Names of programs. Collected from the manuals of the tools themselves and from Debian's and Homebrew's package
/// listings; a program that is in neither table is still found where a shell fragment runs it.
package enum Programs {
    /// What every machine with a shell has: POSIX utilities, coreutils, shell builtins and keywords. Never a
    /// dependency (the labelling guide's list, completed by the rest of POSIX, which has no `tar`).
    package static let ubiquitous: Set<String> = Set(
        """
        alias awk basename bash bg break builtin case cat cd chgrp chmod chown clear cmp comm command compgen complete \
        continue cp cut date dd declare df diff dirname disown do done du echo egrep elif else env esac eval exec exit \
        export expr false fc fg fgrep fi file find fold for free function getopts grep groups gunzip gzip hash head help \
        history host hostname id if in info install jobs join kill killall let ln local locale logger logname look ls \
        man mapfile mkdir mkfifo mktemp more less mv nice nl nohup nproc od open paste patch pgrep pkill popd printenv \
        printf ps pushd pwd read readarray readlink readonly realpath return rev rm rmdir sed select seq set sh shift \
        shopt shuf sleep sort source split stat stty su sudo sum sync tac tail tee test then time timeout times top \
        touch tr trap true tput tsort tty type typeset ulimit umask unalias uname uniq unset until uptime vi vim view \
        wait watch wc whereis which while who whoami xargs yes zsh md5sum sha1sum sha256sum shasum nano pause dir exit
        """.split(separator: " ").map(String.init))

    /// Programs that have to be there: seen in prose or inline code, their name alone says that a program is meant.
    static let known: Set<String> = Set(
        """
        ab act age ansible ansible-playbook apktool apt apt-get ast-grep astro atuin aws az bat bazel black brew buf bun \
        bundle bunx cargo cargo-nextest chroma chromium claude clang clawdbot clawdhub clawhub cmake codex composer conda \
        convert convex copilot crictl curl cypress dart dbt deno devbox direnv docker docker-compose dot dotnet drizzle-kit \
        duckdb eas edge-tts esbuild eslint exiftool expo fd ffmpeg ffplay ffprobe firebase flake8 flutter fly flyctl \
        fzf gcc gcloud gdb gemini gh ghostscript git git-lfs gitleaks glab go goimports golangci-lint goose gpg gradle \
        gradlew grpcurl gs gsutil helm heroku himalaya hledger htop http huggingface-cli hf hugo identify imagemagick \
        istioctl java javac jest jq jupyter just k3d k6 k9s kind kubectl kustomize latexmk lerna libreoffice lighthouse \
        linkerd litellm llama-cli llama-server lsof magick make mamba marp mc mcporter mdbook mermaid mise minikube mix \
        mkdocs mlflow mmdc mongosh mplayer mpv mvn mypy mysql mysqldump neofetch netlify ng nginx ninja nix nixpacks nmap \
        node npm npx nslookup nvidia-smi nvm nx obs ollama op openclaw opencode openssl osascript pandoc papermill pdm \
        pdfinfo pdftoppm pdftotext perl pg_dump pg_restore php pip pip3 pipx playwright pm2 pnpm podman poetry pre-commit \
        prettier prisma promtool psql pulumi puppeteer pwsh powershell py.test pyenv pyright pytest python python3 qpdf \
        quarto R railway rails rake rclone redis-cli remotion restic rg ripgrep rollup rsync ruby ruff rustc rustup s3cmd \
        sam say scp screen semgrep sentry-cli serverless sftp shellcheck slack snyk soffice sops spotify sqlite3 ssh \
        ssh-keygen streamlit stripe strace supabase svn swift swiftc systemctl tailscale tar tauri terraform terragrunt \
        tesseract tmux trivy trufflehog ts-node tsc tsx turbo twilio typst uglifyjs unzip uv uvicorn uvx vault vercel vite \
        vitest vllm volta wget whisper wkhtmltopdf wp wrangler xcodebuild xcrun xelatex yarn yq yt-dlp zip airtable-mcp \
        dnf yum rpm pacman apk systemctl firewall-cmd semanage setenforce ausearch ip ss dig traceroute mvn dotnet composer \
        agent-browser browser-use databricks snowsql bq crontab launchctl journalctl docker-machine nerdctl skopeo mcp
        """.split(separator: " ").map(String.init))

    package static func isKnown(_ name: String) -> Bool {
        isNamed(name) || name.contains("/") && isNamed(name.split(separator: "/").last.map(String.init) ?? "")
    }

    /// Whether one of the tables has the name.
    static func isNamed(_ name: String) -> Bool { known.contains(name) || KnownPrograms.names.contains(name) }

    static func isCommonShell(_ name: String) -> Bool {
        [
            "echo", "cat", "grep", "sed", "awk", "mkdir", "ls", "cp", "mv", "rm", "cd", "find", "sort", "export",
            "chmod", "tail", "head", "bash", "sh", "source",
        ]
        .contains(name)
    }
}
