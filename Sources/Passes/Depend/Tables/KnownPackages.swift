import SkillModel

/// Libraries and frameworks as running text calls them, with the package that brings them, by general knowledge of their
/// own installation pages.
enum KnownPackages {
    /// Names that mean nothing but the library: once a skill about code for it is named so, it is needed.
    static let frameworks = NameTable<Products.Needed>(
        """
        react = npm react
        react native = npm react-native
        react router = npm react-router
        react hook form = npm react-hook-form
        react query = npm @tanstack/react-query
        tanstack query = npm @tanstack/react-query
        tanstack table = npm @tanstack/react-table
        tanstack router = npm @tanstack/react-router
        tanstack start = npm @tanstack/react-start
        react three fiber = npm @react-three/fiber
        react-three-fiber = npm @react-three/fiber
        react flow = npm @xyflow/react
        react email = npm react-email
        react aria = npm react-aria
        vue = npm vue
        vue.js = npm vue
        vuejs = npm vue
        nuxt = npm nuxt
        nuxt.js = npm nuxt
        pinia = npm pinia
        vuetify = npm vuetify
        svelte = npm svelte
        sveltekit = npm @sveltejs/kit
        angular = npm @angular/core
        rxjs = npm rxjs
        ngrx = npm @ngrx/store
        solid.js = npm solid-js
        solidjs = npm solid-js
        qwik = npm @builder.io/qwik
        preact = npm preact
        alpine.js = npm alpinejs
        htmx = npm htmx.org
        jquery = npm jquery
        lit element = npm lit
        next.js = npm next
        nextjs = npm next
        remix run = npm @remix-run/react
        gatsby = npm gatsby
        eleventy = npm @11ty/eleventy
        docusaurus = npm @docusaurus/core
        vitepress = npm vitepress
        astro = npm astro
        expo = npm expo
        electron = npm electron
        ionic framework = npm @ionic/core
        capacitor = npm @capacitor/core
        remotion = npm remotion
        three.js = npm three
        threejs = npm three
        babylon.js = npm @babylonjs/core
        babylonjs = npm @babylonjs/core
        pixi.js = npm pixi.js
        pixijs = npm pixi.js
        phaser = npm phaser
        p5.js = npm p5
        p5js = npm p5
        d3.js = npm d3
        chart.js = npm chart.js
        chartjs = npm chart.js
        echarts = npm echarts
        highcharts = npm highcharts
        recharts = npm recharts
        leaflet = npm leaflet
        maplibre = npm maplibre-gl
        mapbox gl = npm mapbox-gl
        deck.gl = npm deck.gl
        gsap = npm gsap
        framer motion = npm framer-motion
        anime.js = npm animejs
        lottie = npm lottie-web
        tailwind = npm tailwindcss
        tailwindcss = npm tailwindcss
        tailwind css = npm tailwindcss
        material ui = npm @mui/material
        mui = npm @mui/material
        chakra ui = npm @chakra-ui/react
        ant design = npm antd
        antd = npm antd
        radix ui = npm radix-ui
        base ui = npm @base-ui/react
        headless ui = npm @headlessui/react
        mantine = npm @mantine/core
        styled components = npm styled-components
        styled-components = npm styled-components
        convex = npm convex
        prisma = npm prisma
        drizzle orm = npm drizzle-orm
        typeorm = npm typeorm
        sequelize = npm sequelize
        mongoose = npm mongoose
        kysely = npm kysely
        knex = npm knex
        express = npm express
        express.js = npm express
        expressjs = npm express
        fastify = npm fastify
        koa = npm koa
        hono = npm hono
        nestjs = npm @nestjs/core
        trpc = npm @trpc/server
        apollo server = npm @apollo/server
        apollo client = npm @apollo/client
        socket.io = npm socket.io
        bullmq = npm bullmq
        better auth = npm better-auth
        better-auth = npm better-auth
        nextauth = npm next-auth
        nextauth.js = npm next-auth
        auth.js = npm next-auth
        ai sdk = npm ai
        vercel ai sdk = npm ai
        mastra = npm @mastra/core
        langchain.js = npm langchain
        langchainjs = npm langchain
        genkit = npm genkit
        copilotkit = npm @copilotkit/react-core
        playwright = npm playwright
        puppeteer = npm puppeteer
        cypress = npm cypress
        storybook = npm storybook
        stimulus = npm @hotwired/stimulus
        wagmi = npm wagmi
        viem = npm viem
        ethers.js = npm ethers
        web3.js = npm web3
        hardhat = npm hardhat
        react native reanimated = npm react-native-reanimated
        nativewind = npm nativewind
        tamagui = npm tamagui
        tiptap = npm @tiptap/core
        prosemirror = npm prosemirror-view
        codemirror = npm codemirror
        monaco editor = npm monaco-editor
        pptxgenjs = npm pptxgenjs
        pdf-lib = npm pdf-lib
        exceljs = npm exceljs
        django = pip django
        django rest framework = pip djangorestframework
        flask = pip flask
        fastapi = pip fastapi
        starlette = pip starlette
        litestar = pip litestar
        aiohttp = pip aiohttp
        sqlalchemy = pip sqlalchemy
        sqlmodel = pip sqlmodel
        pydantic = pip pydantic
        pydantic ai = pip pydantic-ai
        pydanticai = pip pydantic-ai
        fastmcp = pip fastmcp
        pytorch = pip torch
        pytorch lightning = pip pytorch-lightning
        tensorflow = pip tensorflow
        keras = pip keras
        jax = pip jax
        scikit-learn = pip scikit-learn
        sklearn = pip scikit-learn
        xgboost = pip xgboost
        lightgbm = pip lightgbm
        catboost = pip catboost
        spacy = pip spacy
        nltk = pip nltk
        gensim = pip gensim
        transformers = pip transformers
        diffusers = pip diffusers
        sentence transformers = pip sentence-transformers
        sentence-transformers = pip sentence-transformers
        deepspeed = pip deepspeed
        bitsandbytes = pip bitsandbytes
        megatron core = pip megatron-core
        megatron-core = pip megatron-core
        megatron bridge = pip megatron-bridge
        megatron-bridge = pip megatron-bridge
        transformer engine = pip transformer-engine
        nemo toolkit = pip nemo-toolkit
        tensorrt-llm = pip tensorrt-llm
        vllm = pip vllm
        sglang = pip sglang
        unsloth = pip unsloth
        axolotl = pip axolotl
        langchain = pip langchain
        langgraph = pip langgraph
        llamaindex = pip llama-index
        llama-index = pip llama-index
        crewai = pip crewai
        autogen = pip autogen-agentchat
        dspy = pip dspy
        smolagents = pip smolagents
        haystack = pip haystack-ai
        streamlit = pip streamlit
        gradio = pip gradio
        plotly = pip plotly
        matplotlib = pip matplotlib
        seaborn = pip seaborn
        bokeh = pip bokeh
        altair = pip altair
        pandas = pip pandas
        geopandas = pip geopandas
        numpy = pip numpy
        scipy = pip scipy
        sympy = pip sympy
        polars = pip polars
        dask = pip dask
        pyspark = pip pyspark
        networkx = pip networkx
        statsmodels = pip statsmodels
        pymc = pip pymc
        opencv = pip opencv-python
        scikit-image = pip scikit-image
        rdkit = pip rdkit
        biopython = pip biopython
        scanpy = pip scanpy
        anndata = pip anndata
        pydeseq2 = pip pydeseq2
        astropy = pip astropy
        qiskit = pip qiskit
        cirq = pip cirq
        pennylane = pip pennylane
        openmm = pip openmm
        mdanalysis = pip mdanalysis
        pymatgen = pip pymatgen
        deepchem = pip deepchem
        torch geometric = pip torch-geometric
        pytorch geometric = pip torch-geometric
        stable baselines3 = pip stable-baselines3
        gymnasium = pip gymnasium
        mujoco = pip mujoco
        isaac lab = pip isaaclab
        lerobot = pip lerobot
        scrapy = pip scrapy
        selenium = pip selenium
        beautifulsoup = pip beautifulsoup4
        beautiful soup = pip beautifulsoup4
        markitdown = pip markitdown
        pymupdf = pip pymupdf
        pdfplumber = pip pdfplumber
        pypdf = pip pypdf
        docling = pip docling
        openpyxl = pip openpyxl
        python-docx = pip python-docx
        python-pptx = pip python-pptx
        reportlab = pip reportlab
        weasyprint = pip weasyprint
        moviepy = pip moviepy
        manim = pip manim
        manimce = pip manim
        librosa = pip librosa
        celery = pip celery
        airflow = pip apache-airflow
        apache airflow = pip apache-airflow
        prefect = pip prefect
        dagster = pip dagster
        simpy = pip simpy
        ccxt = pip ccxt
        yfinance = pip yfinance
        backtrader = pip backtrader
        telethon = pip telethon
        discord.py = pip discord.py
        kedro = pip kedro
        textual = pip textual
        """
    ) { _, stated in
        let parts = stated.split(separator: " ", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = Dependency.Kind(rawValue: parts[0]) else { return nil }
        return Products.Needed(kind, parts[1])
    }

    /// Words of English among them: a name only with a capital, or in a skill's own name.
    static let words: Set<String> = [
        "react", "express", "astro", "angular", "convex", "prisma", "electron", "lottie", "leaflet", "remotion",
        "capacitor", "stimulus", "textual", "prefect", "transformers", "altair", "dask", "flask", "haystack", "gatsby",
        "svelte", "phaser", "axolotl", "polars", "mantine", "keras", "autogen", "hono", "vue", "cypress", "expo",
    ]

    /// What stands for a library in code that shows no import of it.
    static let identifiers: [String: (package: String, isPython: Bool)] = [
        "gsap": ("gsap", false), "ScrollTrigger": ("gsap", false), "THREE": ("three", false),
        "ReactDOM": ("react-dom", false),
        "PropTypes": ("prop-types", false), "d3": ("d3", false), "BABYLON": ("@babylonjs/core", false),
        "PIXI": ("pixi.js", false), "Phaser": ("phaser", false), "axios": ("axios", false), "dayjs": ("dayjs", false),
        "mongoose": ("mongoose", false), "anime": ("animejs", false), "lottie": ("lottie-web", false),
        "np": ("numpy", true), "pd": ("pandas", true), "plt": ("matplotlib", true), "torch": ("torch", true),
        "tf": ("tensorflow", true), "sns": ("seaborn", true), "cv2": ("opencv-python", true),
    ]
}
