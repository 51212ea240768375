/// Python's modules: which belong to the standard library, and which package brings the others.
///
/// Standard library: the list of top-level modules of CPython 3.13 (`sys.stdlib_module_names`), with the modules that
/// 3.12 and 3.13 removed. Package names: from the packages' own metadata (their top-level modules); only those whose
/// name is not that of the module.
package enum PythonPackages {
    package static let standardLibrary: Set<String> = Set(
        """
        __future__ abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii \
        bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall \
        concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal \
        difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch \
        fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http \
        idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma \
        mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath \
        nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform \
        plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri \
        random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site \
        sitecustomize smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat \
        statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile \
        termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle \
        turtledemo types typing unicodedata unittest urllib usercustomize uu uuid venv warnings wave weakref webbrowser winreg \
        winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo _thread pip setuptools pkg_resources
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))

    /// Packages that code uses by name, whose names are no words of the text around them.
    static let popular = first.union(
        """
        torchaudio pytorch-lightning deepspeed bitsandbytes trl unsloth flash-attn vllm sglang megatron-core \
        transformer-engine nemo-toolkit onnxruntime-gpu tensorrt-llm ultralytics mediapipe easyocr pytesseract paddleocr \
        pdf2image camelot-py tabula-py docling weasyprint fpdf2 docxtpl xlrd xlwings pyarrow fastparquet duckdb \
        sqlmodel psycopg psycopg2-binary asyncpg pymongo elasticsearch chromadb qdrant-client pinecone \
        weaviate-client pymilvus llama-cpp-python langchain-core langchain-openai langchain-community langsmith crewai dspy \
        smolagents pydantic-ai fastmcp litellm openai-whisper faster-whisper whisperx pyannote.audio edge-tts gtts \
         spotipy ytmusicapi yt-dlp youtube-transcript-api google-genai google-generativeai \
        google-api-python-client google-auth-oauthlib gspread google-cloud-storage google-cloud-bigquery azure-identity \
        msgraph-sdk msal slack-sdk notion-client pygithub python-telegram-bot pyrogram discord.py sendgrid \
        ccxt web3 alpaca-py ib-insync backtrader vectorbt ta-lib pandas-ta pmdarima statsmodels optuna shap \
        imbalanced-learn catboost umap-learn hdbscan scanpy anndata biopython rdkit pysam pydicom nibabel monai astropy \
        xarray rasterio pyproj folium geopy osmnx h3 cartopy ortools pulp cvxpy z3-solver simpy pymc manim pyvista trimesh \
        open3d mujoco gymnasium stable-baselines3 qiskit cirq pennylane scapy impacket pwntools pymatgen mdanalysis openmm \
         pyautogui undetected-chromedriver curl-cffi trafilatura newspaper3k readability-lxml markdownify \
        opentelemetry-sdk prometheus-client loguru structlog tenacity apscheduler typer python-frontmatter jinja2 pillow-heif
        """.split(separator: " ").map(String.init))

    private static let first: Set<String> = [
        "torch", "torchvision", "transformers", "diffusers", "accelerate", "peft", "datasets", "numpy", "pandas",
        "scipy",
        "polars", "matplotlib", "seaborn", "plotly", "scikit-learn", "xgboost", "lightgbm", "opencv-python", "pillow",
        "pdfplumber", "pypdf", "pymupdf", "markitdown", "openpyxl", "python-docx", "python-pptx", "reportlab",
        "xlsxwriter",
        "httpx", "aiohttp", "beautifulsoup4", "lxml", "selenium", "pydantic", "sqlalchemy", "alembic", "fastapi",
        "flask",
        "django", "uvicorn", "celery", "pytest-cov", "pytest-asyncio", "hypothesis", "ruamel.yaml", "pyyaml", "triton",
        "cupy", "jax", "flax", "onnx", "onnxruntime", "tensorrt", "sentence-transformers", "faiss-cpu", "langchain",
        "langgraph", "llama-index", "tiktoken", "nltk", "spacy", "geopandas", "shapely", "networkx", "sympy",
        "yfinance",
        "moviepy", "pydub", "librosa", "soundfile", "feedparser", "tweepy", "praw", "telethon", "boto3", "paramiko",
    ]

    private static let packageOfModule: [String: String] = [
        "PIL": "pillow", "cv2": "opencv-python", "yaml": "pyyaml", "bs4": "beautifulsoup4", "sklearn": "scikit-learn",
        "skimage": "scikit-image", "dotenv": "python-dotenv", "docx": "python-docx", "pptx": "python-pptx",
        "dateutil": "python-dateutil", "jwt": "pyjwt", "Crypto": "pycryptodome", "OpenSSL": "pyopenssl",
        "serial": "pyserial", "usb": "pyusb", "magic": "python-magic", "fitz": "pymupdf", "git": "gitpython",
        "github": "pygithub", "telegram": "python-telegram-bot", "discord": "discord.py", "slack": "slackclient",
        "attr": "attrs", "markdown_it": "markdown-it-py", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient",
        "zmq": "pyzmq", "wx": "wxpython", "gi": "pygobject", "nacl": "pynacl", "lxml_html_clean": "lxml-html-clean",
        "googleapiclient": "google-api-python-client", "google_auth_oauthlib": "google-auth-oauthlib",
        "google.adk": "google-adk", "google.protobuf": "protobuf", "google.api_core": "google-api-core",
        "google.colab": "", "google": "", "azure": "", "nvidia": "", "vertexai": "google-cloud-aiplatform",
        "megatron": "megatron-core", "pytorch_lightning": "pytorch-lightning", "tiktoken": "tiktoken",
        "langchain_openai": "langchain-openai", "langchain_community": "langchain-community",
        "sentry_sdk": "sentry-sdk", "notion_client": "notion-client", "slack_sdk": "slack-sdk",
        "google.auth": "google-auth", "google.oauth2": "google-auth", "google.genai": "google-genai",
        "google.generativeai": "google-generativeai", "google.cloud.storage": "google-cloud-storage",
        "google.cloud.bigquery": "google-cloud-bigquery", "speech_recognition": "speechrecognition",
        "Levenshtein": "levenshtein",
        "pkg_about": "pkg-about", "ruamel": "ruamel.yaml", "socks": "pysocks", "websocket": "websocket-client",
        "mpl_toolkits": "matplotlib", "pylab": "matplotlib", "faiss": "faiss-cpu", "umap": "umap-learn",
        "sentence_transformers": "sentence-transformers", "whisper": "openai-whisper", "moviepy": "moviepy",
        "youtube_transcript_api": "youtube-transcript-api", "yt_dlp": "yt-dlp", "edge_tts": "edge-tts",
        "huggingface_hub": "huggingface-hub", "readability": "readability-lxml", "pdfminer": "pdfminer.six",
        "Xlib": "python-xlib", "ldap": "python-ldap", "barcode": "python-barcode", "jose": "python-jose",
        "multipart": "python-multipart", "slugify": "python-slugify", "socketio": "python-socketio",
        "decouple": "python-decouple",
        "frontmatter": "python-frontmatter", "ics": "ics", "vobject": "vobject", "pywintypes": "pywin32",
        "win32com": "pywin32",
        "flask_cors": "flask-cors", "rest_framework": "djangorestframework", "stripe": "stripe",
        "anthropic": "anthropic",
        "duckduckgo_search": "duckduckgo-search", "tavily": "tavily-python", "kubernetes": "kubernetes", "mcp": "mcp",
        "lark_oapi": "lark-oapi", "browser_use": "browser-use", "osgeo": "gdal", "shapefile": "pyshp",
        "Bio": "biopython",
        "rdkit": "rdkit", "igraph": "python-igraph", "graphviz": "graphviz", "pydub": "pydub",
        "sounddevice": "sounddevice",
    ]

    /// Names that a project gives its own modules.
    static let ownNames: Set<String> = [
        "scripts", "skills", "src", "utils", "lib", "app", "tests", "config", "main", "module", "mymodule", "helpers",
        "core",
        "models", "tools", "common", "server", "client", "agent", "agents", "bin", "your_package", "mypackage",
        "my_package", "my_module", "your_module", "settings",
    ]

    /// What the conventional aliases of data science stand for, in code that shows no import.
    static func alias(in code: String) -> String? {
        for (prefix, package) in [("pd.", "pandas"), ("np.", "numpy"), ("plt.", "matplotlib")]
        where code.hasPrefix(prefix) {
            return package
        }
        return nil
    }

    /// The package of a dotted module name; nil for a relative import, the standard library and what is no name.
    package static func thirdParty(importName: String) -> String? {
        let parts = importName.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let root = parts.first, isIdentifier(root), !standardLibrary.contains(root), !ownNames.contains(root)
        else {
            return nil
        }
        for count in stride(from: min(parts.count, 3), to: 0, by: -1) {
            let module = parts.prefix(count).joined(separator: ".")
            guard let package = packageOfModule[module] ?? KnownModules.packageOfModule[module] else { continue }
            if !package.isEmpty { return package }
        }
        // Namespace packages: one distribution a service.
        if root == "google", parts.count > 2, parts[1] == "cloud" { return "google-cloud-" + distribution(parts[2]) }
        if root == "azure", parts.count > 1 { return parts.prefix(3).map(distribution).joined(separator: "-") }
        return packageOfModule[root] == "" || PackageName.isPlaceholder(root) ? nil : root.lowercased()
    }

    /// `aiplatform_v1` → aiplatform: a module's name as its package spells it.
    private static func distribution(_ module: String) -> String {
        var name = module.lowercased()
        if let mark = name[...].range(of: "_v"), name[mark.upperBound...].first?.isNumber == true {
            name = String(name[..<mark.lowerBound])
        }
        return String(name.map { $0 == "_" ? "-" : $0 })
    }

    /// The package that brings an executable or module of a name: the name itself unless the table knows better.
    static func package(of module: String) -> String {
        packageOfModule[module] ?? KnownModules.packageOfModule[module] ?? module
    }

    /// Whether a package's name, with `-` between its words, is known to be that of the module's package.
    static func isWellKnown(_ name: String) -> Bool {
        wellKnown.contains(name) || name.hasPrefix("google-cloud-") || name.hasPrefix("azure-")
    }

    private static let wellKnown: Set<String> = WellKnownPackages.names.union(
        [popular, Set(packageOfModule.values), Set(KnownModules.packageOfModule.values)].joined().map { name in
            String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
        })

    /// Whether a table has the module or a package of that name: what a project runs of its own is in none.
    static func isPackage(_ module: String) -> Bool {
        packageOfModule[module] != nil || KnownModules.packageOfModule[module] != nil || popular.contains(module)
            || Programs.isNamed(module)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == 0x5F || ((first | 0x20) >= 0x61 && (first | 0x20) <= 0x7A) else {
            return false
        }
        return text.utf8.count <= 100
            && text.utf8.allSatisfy {
                $0 == 0x5F || ($0 >= 0x30 && $0 <= 0x39) || (($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A)
            }
    }
}

/// Ruby's default and bundled libraries, as `require` names them (Ruby 3.3's standard library documentation).
enum RubyPackages {
    /// What `require` names otherwise than the gem is called, by the gems' own pages.
    static let gemOfFeature: [String: String] = [
        "zip": "rubyzip", "active_record": "activerecord", "active_support": "activesupport", "axlsx": "caxlsx",
        "RMagick": "rmagick", "dotenv/load": "dotenv", "rest_client": "rest-client", "yaml/store": "psych",
        "aws-sdk-s3": "aws-sdk-s3", "google/cloud/storage": "google-cloud-storage", "github_api": "github_api",
    ]

    /// Gems that are called like what `require` names.
    static let wellKnown: Set<String> = Set(
        """
        rails rake sinatra nokogiri httparty faraday rest-client json-schema rubyzip mini-magick rmagick prawn roo caxlsx \
        activerecord activesupport sequel pg mysql2 sqlite3 redis mongo sidekiq puma rack thor tty-prompt colorize pastel \
        rspec capybara selenium-webdriver mechanize ferrum watir octokit slack-ruby-client dotenv jekyll kramdown redcarpet \
        rouge liquid haml slim builder gyoku savon oauth2 jwt bcrypt devise pundit chronic tzinfo money addressable \
        concurrent-ruby async parallel listen rubocop solargraph pry byebug stripe twilio-ruby sendgrid-ruby anthropic \
        ruby-openai google-cloud-storage aws-sdk-s3 aws-sdk fastlane cocoapods xcodeproj asciidoctor hexapdf pdf-reader combine-pdf \
        feedjira rss spreadsheet write-xlsx docx wicked-pdf gruff numo-narray daru
        """.split(separator: " ").map(String.init))

    static let standardLibrary: Set<String> = [
        "abbrev", "base64", "benchmark", "bigdecimal", "bundler", "cgi", "coverage", "csv", "date", "delegate",
        "digest", "drb",
        "English", "erb", "etc", "fcntl", "fiddle", "fileutils", "find", "forwardable", "getoptlong", "io", "ipaddr",
        "irb",
        "json", "logger", "matrix", "minitest", "monitor", "mutex_m", "net", "nkf", "objspace", "observer", "open-uri",
        "open3",
        "openssl", "optparse", "ostruct", "pathname", "pp", "prettyprint", "prime", "pstore", "psych", "racc",
        "rbconfig",
        "readline", "resolv", "rinda", "ripper", "ruby2_keywords", "securerandom", "set", "shellwords", "singleton",
        "socket",
        "stringio", "strscan", "syslog", "tempfile", "thread", "time", "timeout", "tmpdir", "tsort", "un", "uri",
        "weakref",
        "yaml", "zlib",
    ]
}
