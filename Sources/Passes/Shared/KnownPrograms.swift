/// Programs beyond the first table, by general knowledge of the tools' own manuals: network and security tools, clouds,
/// databases, media, documents, science, mobile and language toolchains. Names that are words of English are left out:
/// written as code they stand for other things as often.
enum KnownPrograms {
    static let names = Set(
        """
        ffuf nuclei subfinder httpx-toolkit gobuster nikto sqlmap masscan tshark tcpdump wireshark-cli aircrack-ng \
        hashcat radare2 r2 ghidra binwalk yara clamscan lynis grype syft cosign sigstore kubesec kubectx kubens \
        argocd fluxctl cilium tkn eksctl doctl linode-cli hcloud vultr-cli aliyun tccli ibmcloud \
        vagrant tfsec tflint checkov infracost terraformer atlantis cdktf cdk ecs-cli sst render-cli netlify-cli \
        vercel-cli firebase-tools contentful-cli shopify-cli stripe-cli twilio-cli heroku-cli datadog-ci \
        posthog-cli pscale neonctl clickhouse clickhouse-client sqlcmd mssql-cli pgcli mycli usql cockroach \
        mongoexport mongoimport mongodump mongorestore redis-server redis-benchmark valkey-cli cqlsh etcdctl \
        kafka-topics rabbitmqctl sqlite-utils datasette sqlfluff sqlfmt dbmate goose-cli csvkit csvcut csvsql \
        in2csv xsv qsv miller mlr visidata dasel jless hxselect pup xmllint xmlstarlet xsltproc tidy-html5 htmlq \
        yamllint jsonlint ajv swagger-cli openapi-generator openapi-generator-cli protoc capnp flatc websocat \
        wscat wrk vegeta jmeter httpie xh aria2c axel lftp borg duplicity syncthing croc magic-wormhole gifsicle \
        gifski ffmpegthumbnailer sox flac opusenc opusdec vorbis-tools mediainfo mkvmerge mkvextract \
        handbrakecli streamlink gallery-dl spotdl youtube-dl scdl whisper-cpp whisper-cli faster-whisper piper \
        piper-tts espeak espeak-ng sherpa-onnx-tts sherpa-onnx kokoro-tts mimic3 fluidsynth lilypond \
        musescore audacity sonic-annotator spleeter demucs inkscape rsvg-convert cairosvg svgo optipng \
        pngquant oxipng jpegoptim cjpeg cwebp dwebp avifenc mogrify vips blender openscad freecad \
        freecadcmd kicad-cli ngspice verilator iverilog yosys nextpnr gtkwave arduino-cli platformio esptool \
        avrdude openocd st-flash picotool mosquitto_pub mosquitto_sub pdftk mutool pdfimages pdfunite pdfseparate \
        pdftocairo pdftohtml ocrmypdf img2pdf unpaper djvutxt ebook-convert calibredb pandoc-crossref tectonic \
        pdflatex lualatex bibtex biber asciidoctor asciidoc doxygen sphinx-build mdformat markdownlint \
        markdownlint-cli2 proselint aspell hunspell languagetool texcount unoconv docx2txt antiword catdoc \
        wkhtmltoimage weasyprint gnuplot graphviz plantuml d2 structurizr-cli vegalite vl2png octave julia \
        sagemath ghci Rscript sbt lein clojure rebar3 ocaml opam guile sbcl zig \
        vlang kotlinc ktlint detekt swiftlint swiftformat xcodegen tuist fastlane cocoapods xcbeautify \
        xcpretty simctl idb adb emulator sdkmanager avdmanager apksigner bundletool jadx frida scrcpy flutterfire \
        melos fvm godot4 unity-editor unrealeditor dotnet-ef msbuild clang-format clang-tidy cppcheck ccache \
        distcc meson vcpkg gcovr lcov valgrind heaptrack flamegraph hyperfine tokei cloc scc onefetch difft \
        diff-so-fancy lazygit gitui git-cliff git-filter-repo bfg commitizen commitlint semantic-release \
        release-please standard-version earthly gitlab-runner jira-cli acli linear-cli notion-cli todoist-cli \
        taskwarrior timew todo.sh khal khard vdirsyncer remindctl icalbuddy calcurse mutt neomutt msmtp mbsync \
        offlineimap notmuch aerc isync gcalcli gog gogcli rclone-browser imessage imsg wacli signal-cli \
        telegram-cli tdl discordo slackcat slackdump weechat obsidian-cli bear-cli things-cli reminders-cli pnp \
        az-cli azcopy azd bicep cbt cloud-sql-proxy cloud_sql_proxy gcsfuse s5cmd s3fs minio-client aws-vault \
        aws-sam-cli saml2aws chamber age-keygen step-cli mkcert certbot acme.sh gpg2 gopass bw rbw lpass \
        keepassxc-cli vault-cli llama.cpp llama-bench lms lmstudio sglang text-generation-launcher mlx_lm ramalama \
        localai koboldcpp nsys ncu nvcc nvidia-settings rocm-smi rocminfo torchrun horovodrun mpirun srun sbatch \
        squeue sinfo scancel apptainer pyxis nextflow snakemake cwltool cromwell samtools bcftools bedtools bwa \
        bowtie2 minimap2 star-aligner kallisto fastqc multiqc trimmomatic gatk blastn blastp makeblastdb hmmsearch \
        mafft raxml iqtree vcftools seqkit seqtk esearch efetch gmx gromacs obabel openbabel autodock gdalinfo \
        gdalwarp gdal_translate ogr2ogr qgis tippecanoe pmtiles osmium osm2pgsql ngrok cloudflared localtunnel \
        wireguard wg-quick openvpn headscale zerotier-cli iperf3 mtr whois nmcli iwconfig hostapd dnsmasq traefik \
        haproxy httpd apachectl php-fpm wp-cli drush artisan phpunit phpstan psalm phpcs rubocop rspec jekyll \
        sorbet srb solargraph supervisorctl monit tsup swc oxlint biome dprint stylelint knip depcheck madge \
        npm-check-updates license-checker size-limit bundlesize source-map-explorer hygen yo degit \
        create-react-app create-next-app nuxi eleventy docusaurus vsce ovsx web-ext chrome-remote-interface \
         geckodriver selenium-side-runner browsh w3m links2 elinks html2text single-file percollate \
        playwright-cli solc spl-token starkli cargo-audit cargo-deny cargo-edit cargo-fuzz cargo-tarpaulin \
        wasm-pack wasm-bindgen wasmtime sccache staticcheck gofumpt govulncheck dlv goreleaser mockgen sqlc tinygo \
        bandit pip-audit pylint autopep8 yapf pyflakes pydocstyle interrogate tox nox twine pyinstaller maturin \
        ipython nbconvert nbstripout jupytext voila dvc wandb sqlmesh great_expectations runpodctl vastai \
        cursor-agent gemini-cli codex-cli claude-code repomix gitingest code2prompt files-to-prompt ttok \
        strip-tags sgpt tgpt mcp-cli mcptools mcpc yabai skhd sketchybar cliclick peekaboo blueutil \
        switchaudio-osx displayplacer dockutil terminal-notifier pngpaste pbcopy pbpaste screencapture sips afplay \
        mdfind mdls plutil tccutil xclip xsel wl-copy wl-paste wl-clipboard slurp maim scrot flameshot xdotool \
        ydotool wmctrl dmenu playerctl pactl pamixer wpctl brightnessctl ddcutil hyprctl swaymsg i3-msg gsettings \
        dconf flatpak appimagetool fpm nfpm debootstrap qemu-system-x86_64 virsh virt-install multipass limactl \
        orbstack podman-compose buildah hadolint container-structure-test docker-slim lazydocker ctop sponge entr \
        watchexec fswatch inotifywait asciinema termtosvg figlet lolcat cowsay bat-extras lsd zoxide autojump \
        cheat oh-my-posh chezmoi stow yadm dotbot ansible-lint ansible-vault goss testssl.sh sslyze wpscan \
        theharvester maigret exiv2 steghide testdisk photorec ddrescue smartctl hdparm iostat sonoscli openhue \
        huectl hass-cli cec-client catt castnow spotify_player spogo ncmpcpp mpc mpd cmus songsee ordercli camsnap \
        gifgrep goplaces clawdis
        """.split(separator: " ").map(String.init))
}
