/// Packages of PyPI that are called like the module that they bring: an import of that name means them.
///
/// From the index's list of the most downloaded (November 2026: the first 1,600, without those whose module has another
/// name and without words of everyday language, which a skill's own modules are called by), and libraries that code of
/// skills often uses. An import that is in no table may be of anybody's module, and its name somebody else's package.
enum WellKnownPackages {
    static let names: Set<String> = Set(
        """
        a2wsgi absl-py accelerate adal adlfs aenum ag-ui-protocol agent-client-protocol aioboto3 aiobotocore aiodns \
        aiofile aiofiles aiohappyeyeballs aiohttp aiohttp-cors aiohttp-retry aioitertools aiokafka aiolimiter aiomysql \
        aioresponses aiosignal aiosmtplib aiosqlite akshare alabaster alembic alibabacloud-adb20211201 alibabacloud- \
        credentials alibabacloud-tea-openapi allure-python-commons altair altgraph amazon-ion amplitude-analytics amqp \
        aniso8601 annotated-doc annotated-types ansible ansible-core ansicolors anthropic antlr4-python3-runtime anyio \
        apache-airflow apache-airflow-core apispec appdirs applicationinsights appnope apprise apscheduler argcomplete \
        argon2-cffi-bindings arro3-core arrow arxiv asana asgi-lifespan asgiref asn1crypto ast-serialize astor astroid \
        astronomer-cosmos astropy asttokens astunparse async-lru async-timeout asyncer asyncpg asyncssh asynctest \
        atlassian-python-api audioread authlib automat autopep8 avro avro-python3 aws-lambda-powertools aws-requests- \
        auth aws-sam-translator aws-xray-sdk awscli awscrt awswrangler axiom-py babel backcall backoff backrefs \
        backtrader bandit basedpyright bashlex bazel-runfiles bcrypt beartype bidict billiard binaryornot biopython \
        bitarray black blake3 bleach blinker blobfile boltons boolean-py boostedblob boto boto3 botocore bottle \
        bottleneck bracex brotli browser-use bs4 burner-redis bytecode cachecontrol cached-property cachelib \
        cachetools cairocffi cairosvg cassandra-driver cattrs cbor2 ccxt celery certifi cffi cfgv cfn-lint chardet \
        charset-normalizer checkov chevron chromadb circuitbreaker cirq ciso8601 claude-agent-sdk click click-default- \
        group click-didyoumean click-option-group click-plugins click-repl clickhouse-connect clickhouse-driver cligj \
        cloudevents cloudflare cloudpathlib cloudpickle cmdstanpy codewords-client cohere colorama coloredlogs \
        colorlog configargparse confluent-kafka connexion constantly contextlib2 contourpy cookiecutter courlan \
        coverage cramjam crewai crewai-tools cron-descriptor croniter cronsim cryptography cssselect cssselect2 \
        cssutils ctranslate2 curl-cffi curlify cwsandbox cycler cyclonedx-python-lib cyclopts cymem cython cytoolz \
        dacite dagster-postgres dash dask dask-expr dataclasses-json datadog datadog-api-client datamodel-code- \
        generator datasets dateparser daytona db-dtypes ddtrace debugpy deepdiff deepmerge defusedxml deltalake dep- \
        logic dictdiffer diff-cover diffusers dill dirtyjson diskcache distro django djangorestframework docker \
        docker-pycreds dockerfile-parse docling docopt docstring-parser docutils dpath drf-spectacular dspy duckdb \
        dulwich dunamai durationpy ecdsa edge-tts einops elastic-transport elasticsearch elasticsearch-dsl elementpath \
        elevenlabs email-validator emoji enum-compat et-xmlfile eval-type-backport eventlet exceptiongroup execnet \
        executing expiringdict fabric facebook-business factory-boy fake-useragent faker fakeredis fastapi fastapi-cli \
        fastapi-cloud-cli fastapi-mcp fastar fastavro fastcore fastembed fasteners fastf1 fastjsonschema fastmcp \
        fastmcp-slim fastparquet fastuuid feedparser ffmpeg-python filelock filetype findpython firebase-admin flake8 \
        flask flask-appbuilder flask-babel flask-caching flask-cors flask-jwt-extended flask-limiter flask-login \
        flask-session flask-sqlalchemy flask-wtf flatbuffers flit-core folium fonttools fpdf2 freezegun frozendict \
        frozenlist fsspec ftfy functions-framework fuzzywuzzy gcloud-aio-auth gcloud-aio-bigquery gcloud-aio-storage \
        gcsfs genai-prices genson geographiclib geoip2 geomet geopandas geopy gevent geventhttpclient ghapi ghp-import \
        gitdb giturlparse glom googleapis-common-protos gql gradio gradio-client graphene graphql-core graphql-relay \
        graphviz great-expectations greenback greenlet gremlinpython griffe griffecli griffelib groq grpc-interceptor \
        grpclib gspread gtts gunicorn gymnasium h11 h2 h3 h5py hatch-vcs hatchling hf-xet hiredis holidays hpack \
        html2text html5lib htmldate httpcore httplib2 httptools httpx httpx-sse huey huggingface-hub humanfriendly \
        humanize hvac hydra-core hyperframe hyperlink hypothesis icalendar identify idna ifaddr ijson imageio imageio- \
        ffmpeg imagesize immutabledict importlib-resources inflect inflection influxdb-client iniconfig inputimeout \
        inquirerpy instructor invoke ipdb ipykernel ipython ipython-pygments-lexers ipywidgets iso8601 isodate \
        isoduration isort itsdangerous jaraco-classes jaraco-context jaraco-functools jax jaxlib jaydebeapi jedi \
        jeepney jellyfish jinja2 jira jmespath joblib joserfc jpype1 jsii json-repair json5 jsonconversion jsondiff \
        jsonlines jsonpatch jsonpath-ng jsonpath-python jsonpickle jsonpointer jsonref jsonschema junit-xml \
        junitparser jupyter jupyter-client jupyter-console jupyter-core jupyter-events jupyter-lsp jupyterlab \
        jupyterlab-pygments jupyterlab-server jupyterlab-widgets jwcrypto kafka-python kaleido kazoo keras keyring kfp \
        kiwisolver kombu kubernetes kubernetes-asyncio lancedb langchain langcodes langdetect langfuse langgraph \
        langgraph-api langgraph-checkpoint langgraph-prebuilt langgraph-sdk langsmith lark launchdarkly-eventsource \
        launchdarkly-server-sdk lazy-loader lazy-object-proxy ldap3 levenshtein libclang libcst librosa lightgbm \
        lightning-utilities linkify-it-py litellm llama-cloud llama-cloud-services llama-index llama-parse llvmlite \
        locust logfire logfire-api loguru looker-sdk lxml lxml-html-clean lz4 magika mako mammoth manim markdown \
        markdown-it-py markdown2 markdownify markupsafe marshmallow marshmallow-enum marshmallow-sqlalchemy mashumaro \
        matplotlib matplotlib-inline maxminddb mccabe mcp mdit-py-plugins mdurl memray mergedeep meson-python \
        methodtools mini-swe-agent minio mistral-vibe mistralai mistune mixpanel mkdocs mkdocs-get-deps mkdocs- \
        material mkdocstrings-python ml-dtypes mlflow mlflow-skinny mlflow-tracing mmh3 mock mongomock monotonic more- \
        itertools moto moviepy mpmath msal msgpack msgspec msoffcrypto-tool msrest msrestazure mujoco multidict \
        multiprocess multitasking multivolumefile mutagen mypy mypy-protobuf mysql-connector-python narwhals natsort \
        nbclient nbconvert nbformat neo4j nest-asyncio netaddr networkx nexus-rpc nh3 nibabel nltk nodeenv nodejs- \
        wheel-binaries notebook-shim numba numexpr numpy oauth2client oauthlib oldest-supported-numpy olefile ollama \
        omegaconf onnx onnxruntime open3d openai openai-agents openapi-pydantic openapi-schema-validator openapi-spec- \
        validator opencensus opencensus-context opencensus-ext-azure opencv-contrib-python openlineage-integration- \
        common openlineage-python openlineage-sql openpyxl opensearch-protobufs opensearch-py opt-einsum optree optuna \
        oracledb orbax-checkpoint ordered-set orderly-set orjson ormsgpack oscrypto osmnx oss2 packageurl-python \
        packaging paginate pandas pandas-gbq pandera pandocfilters papermill parameterized paramiko parse-type \
        parsedatetime parso passlib pathable pathlib-abc pathos pathspec pathvalidate patsy pbr pbs-installer pdbr \
        pdf2image pdfminer-six pdfplumber pdm peewee peft pendulum pennylane pep517 pexpect pfzy pg8000 pgvector \
        phonenumbers pickleshare pika pikepdf pillow-heif pinotdb pip-api pip-audit pip-requirements-parser pip-tools \
        pipdeptree pipenv pkgconfig pkginfo pkgutil-resolve-name platformdirs playwright plotly ply poetry poetry-core \
        poetry-plugin-export polars polars-runtime-32 polyfactory portalocker postgrest posthog ppft pprintpp praw \
        pre-commit prefect prek preshed prettytable progressbar2 prometheus-client prometheus-fastapi-instrumentator \
        prompt-toolkit propcache prophet protego protobuf3-to-dict psutil psycopg psycopg-pool psycopg2 ptyprocess \
        pulumi pure-eval pure-sasl py4j py7zr pyahocorasick pyarrow pyarrow-hotfix pyasn1 pyasn1-modules pyathena \
        pybase64 pybcj pybind11 pybreaker pycares pyclipper pycodestyle pycountry pycparser pycrypto pydantic \
        pydantic-ai pydantic-ai-slim pydantic-core pydantic-evals pydantic-extra-types pydantic-graph pydantic- \
        settings pydash pydata-google-auth pydeck pydeequ pydicom pydocket pydot pydub pydyf pyee pyelftools pyexasol \
        pyflakes pygments pygtrie pyhamcrest pyhanko pyhive pyhumps pyiceberg pyinstaller pyinstaller-hooks-contrib \
        pyinstrument pylint pymongo pymssql pymsteams pymupdf pymupdf-layout pymupdf4llm pymysql pyodbc pyogrio pyotp \
        pyparsing pypdf pypdf2 pypdfium2 pyperclip pyphen pypika pyppmd pyproj pyproject-api pyproject-metadata \
        pyrfc3339 pyright pyroaring pyrogram pyrsistent pysam pysftp pyspark pyspnego pytesseract pytest python3-saml \
        pytimeparse pytokens pytorch-lightning pytube pytz pytzdata pywavelets pywin32-ctypes pyxlsb pyyaml-env-tag \
        pyyaml-ft pyzipper pyzstd qdrant-client qiskit qrcode questionary rapidfuzz rasterio ratelimit ray rdflib \
        rdkit reactivex readchar readme-renderer redis redshift-connector regex replicate reportlab requests requests- \
        aws4auth requests-cache requests-file requests-mock requests-ntlm requests-oauthlib requests-toolbelt \
        requirements-parser resend resolvelib respx restructuredtext-lint retrying rfc3339-validator rfc3986 \
        rfc3986-validator rich rich-argparse rich-click rich-rst rich-toolkit roman-numerals rpds-py rsa ruamel-yaml- \
        clib ruff rustworkx s3fs s3transfer safetensors sagemaker sagemaker-core sagemaker-studio scantree scapy \
        scikit-build-core scipy scp seaborn secretstorage segment-analytics-python selectolax selenium semantic- \
        version semgrep semver send2trash sendgrid sentence-transformers sentencepiece service-identity setproctitle \
        setuptools-scm sglang shap shapely shellingham shortuuid simple-salesforce simple-websocket simpleeval \
        simplejson six slack-bolt slack-sdk slackclient slowapi smart-open smbprotocol sniffio snowballstemmer \
        snowflake-connector-python snowflake-snowpark-python snowflake-sqlalchemy snowplow-tracker socksio \
        sortedcontainers sounddevice soundfile soupsieve soxr spacy spacy-legacy spacy-loggers sparklines \
        speechrecognition sphinx sphinx-autodoc-typehints sphinx-rtd-theme sqlalchemy sqlalchemy-bigquery sqlalchemy- \
        spanner sqlalchemy-utils sqlfluff sqlglot sqlmodel sqlparse srsly sse-starlette sseclient-py sshtunnel stack- \
        data stanio starkbank-ecdsa starlette statsd statsmodels std-uritemplate stevedore storage3 streamlit strenum \
        strictyaml stringcase stripe structlog supabase supabase-auth supabase-functions supervisor sympy \
        synchronicity tableauserverclient tabulate telethon temporalio tenacity tensorboard tensorboard-data-server \
        tensorflow tensorflow-estimator teradatasql termcolor terminado testcontainers texttable textual textual- \
        speedups tf-keras-nightly thefuzz thinc thrift thrift-sasl tifffile tiktoken time-machine timezonefinder timm \
        tinycss2 tinyhtml5 tld tldextract tokenizers toml tomli tomli-w tomlkit toons toposort torch torchaudio \
        torchmetrics torchvision tornado tox tox-uv tqdm trafilatura traitlets transformers tree-sitter trimesh trino \
        trio trio-websocket triton tritonclient trove-classifiers truststore tushare tweepy twilio twine twisted ty \
        typedload typeguard typer typer-slim typing-inspect typing-inspection tyro tzdata tzlocal ua-parser ua-parser- \
        builtins uc-micro-py ujson ultralytics uncalled-for unearth unidecode unidiff universal-pathlib unstructured- \
        client uri-template uritemplate uritools url-normalize urllib3 user-agents userpath uuid-utils uuid6 uuid7 uv \
        uv-build uvicorn uvicorn-worker uvloop validators vcrpy vcs-versioning vectorbt vine virtualenv voluptuous \
        vulture w3lib waitress wandb wasabi watchdog watchfiles watchtower wcmatch wcwidth weasel weasyprint weaviate- \
        client web3 webcolors webdriver-manager webencodings websockets werkzeug whisperx whitenoise \
        widgetsnbextension wikipedia-api wirerope wrapt wsproto wtforms xai-sdk xarray xgboost xlrd xlsxwriter xlwt \
        xmlsec xmltodict xxhash xyzservices yamllint yandexcloud yapf yarl ydb yfinance youtube-transcript-api yt-dlp \
        zarr zeep zipp zope-event zope-interface zopfli zstandard
        """.split(separator: " ").map(String.init))
}
