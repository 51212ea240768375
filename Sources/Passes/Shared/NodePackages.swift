/// Node's modules: which are built in, and which package brings an executable.
///
/// Built-in modules: `module.builtinModules` of Node 24, less the internal ones. Executables: the `bin` entries of the
/// packages' own manifests, where the executable's name is not the package's.
package enum NodePackages {
    package static let builtin: Set<String> = [
        "assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
        "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector", "module", "net",
        "os",
        "path", "perf_hooks", "process", "punycode", "querystring", "readline", "repl", "sea", "sqlite", "stream",
        "string_decoder", "sys", "test", "timers", "tls", "trace_events", "tty", "url", "util", "v8", "vm", "wasi",
        "worker_threads", "zlib",
    ]

    static let packageOfExecutable: [String: String] = [
        "tsc": "typescript", "ng": "@angular/cli", "nest": "@nestjs/cli", "mmdc": "@mermaid-js/mermaid-cli",
        "changeset": "@changesets/cli", "biome": "@biomejs/biome", "eas": "eas-cli", "sb": "storybook",
        "playwright-cli": "@playwright/cli", "marp": "@marp-team/marp-cli", "webpack-cli": "webpack-cli",
        "firebase": "firebase-tools", "sanity": "sanity", "cdk": "aws-cdk", "sentry-cli": "@sentry/cli",
        "tailwind": "tailwindcss", "redocly": "@redocly/cli", "rn": "react-native", "lhci": "@lhci/cli",
    ]

    /// Packages that code uses by name, whose names are no words of the text around them. From the registry's most
    /// depended-upon list and the documentation of front-end frameworks.
    static let popular = first.union(
        """
        @tanstack/react-table @tanstack/react-router @tanstack/react-virtual @tanstack/react-form @reduxjs/toolkit react-redux \
        valtio nanostores immer ramda rxjs luxon uuid nanoid slugify p-limit p-queue p-retry zx commander.js yargs \
        listr2 @clack/prompts meow fs-extra globby fast-glob chokidar rimraf cross-env concurrently tsup tsx esbuild \
        vite vitest jest ts-jest @testing-library/jest-dom @testing-library/user-event happy-dom playwright-core puppeteer-core \
        cypress webdriverio nock sinon chai mocha c8 nyc eslint prettier typescript-eslint husky lint-staged @biomejs/biome \
        @mui/material @mui/x-data-grid @chakra-ui/react antd @mantine/core @headlessui/react @heroicons/react react-icons \
        @radix-ui/react-slot @radix-ui/themes vaul embla-carousel-react react-day-picker input-otp react-resizable-panels \
        @dnd-kit/core react-dnd react-beautiful-dnd @hello-pangea/dnd react-window react-virtuoso framer-motion-3d \
        @react-spring/web animejs popmotion lottie-react lottie-web @lottiefiles/dotlottie-react @rive-app/react-canvas \
        pixi.js phaser babylonjs @babylonjs/core cannon-es @react-three/rapier @react-three/postprocessing postprocessing \
        locomotive-scroll split-type swiper @splinetool/react-spline aos matter-js p5 konva react-konva roughjs \
        @xyflow/react reactflow cytoscape vis-network mermaid echarts highcharts apexcharts nivo visx @visx/visx \
        leaflet react-leaflet mapbox-gl maplibre-gl deck.gl @turf/turf tiptap @tiptap/react @tiptap/starter-kit lexical \
        quill codemirror monaco-editor @monaco-editor/react react-markdown remark-gfm rehype-raw markdown-it shiki \
        highlight.js prismjs katex mathjax gray-matter @next/mdx contentlayer next-intl i18next react-i18next @clerk/nextjs \
        @auth/core @supabase/supabase-js @supabase/ssr firebase firebase-admin appwrite @upstash/redis @upstash/ratelimit \
        @vercel/blob @vercel/kv @vercel/postgres @vercel/analytics @aws-sdk/client-s3 @aws-sdk/client-dynamodb \
        @google-cloud/storage @azure/identity googleapis google-auth-library @google/genai @google/generative-ai \
        @ai-sdk/anthropic @ai-sdk/google @ai-sdk/react @langchain/core @langchain/openai @langchain/langgraph llamaindex \
        @mastra/core @modelcontextprotocol/sdk @openai/agents replicate @huggingface/inference stripe @stripe/stripe-js \
        @paypal/react-paypal-js @lemonsqueezy/lemonsqueezy.js resend nodemailer @sendgrid/mail @react-email/components twilio \
        discord.js telegraf grammy node-telegram-bot-api @slack/bolt @linear/sdk @notionhq/client jsforce @hubspot/api-client \
        @shopify/polaris @shopify/shopify-api @shopify/hydrogen @sentry/node @sentry/nextjs posthog-js posthog-node \
        @opentelemetry/api @opentelemetry/sdk-node prom-client @nestjs/core @nestjs/swagger class-validator class-transformer \
        @fastify/cors helmet multer passport jsonwebtoken bcrypt bcryptjs argon2 express-rate-limit \
        socket.io-client graphql-yoga @graphql-codegen/cli urql @urql/core @trpc/client @trpc/react-query kysely knex \
        mysql2 mongodb neo4j-driver @libsql/client @neondatabase/serverless @planetscale/database drizzle-kit \
        drizzle-zod typebox @sinclair/typebox yup joi valibot arktype superjson papaparse xlsx jspdf html2canvas pdfkit \
        pdfjs-dist react-pdf @react-pdf/renderer mammoth fluent-ffmpeg @ffmpeg/ffmpeg tesseract.js jimp skia-canvas qrcode \
         howler wavesurfer.js peerjs simple-peer livekit-client @livekit/components-react react-native-gesture-handler \
        react-native-screens react-native-safe-area-context @react-navigation/native expo-image expo-av expo-camera \
        expo-notifications expo-secure-store nativewind react-native-mmkv zeego electron-builder electron-store \
        @tauri-apps/api hardhat @openzeppelin/contracts @solana/web3.js @coral-xyz/anchor @rainbow-me/rainbowkit permissionless \
        @wagmi/core @reown/appkit remotion @remotion/cli @remotion/player @remotion/transitions @changesets/cli semantic-release \
        turbo nx lerna
        """.split(separator: " ").map(String.init))

    private static let first: Set<String> = [
        "motion", "framer-motion", "clsx", "tailwind-merge", "tw-animate-css", "tailwindcss-animate", "gsap", "lenis",
        "@studio-freight/lenis", "three", "@react-three/fiber", "@react-three/drei", "viem", "wagmi", "ethers", "zod",
        "zustand", "jotai", "axios", "lodash", "date-fns", "dayjs", "swr", "@tanstack/react-query", "react-hook-form",
        "react-router-dom", "styled-components", "@emotion/react", "class-variance-authority", "lucide-react",
        "@radix-ui/react-dialog", "sonner", "cmdk", "recharts", "d3", "chart.js", "prisma", "@prisma/client",
        "drizzle-orm",
        "typeorm", "sequelize", "mongoose", "ioredis", "bullmq", "socket.io", "ws", "express", "fastify", "hono", "koa",
        "@nestjs/common", "next-auth", "next-themes", "nuqs", "better-auth", "@trpc/server", "graphql",
        "@apollo/client",
        "puppeteer", "cheerio", "jsdom", "sharp", "pptxgenjs", "docx", "pdf-lib", "exceljs", "commander", "inquirer",
        "chalk",
        "execa", "dotenv", "winston", "pino", "@testing-library/react", "msw", "@playwright/test", "supertest",
        "@octokit/rest", "@slack/web-api", "@anthropic-ai/sdk", "openai", "@ai-sdk/openai", "langchain", "pg",
        "better-sqlite3", "sql.js", "react-native-reanimated", "expo-router", "@shopify/flash-list",
        "@convex-dev/agent",
    ]

    /// Tools of a project's own tree that `npx` runs from `node_modules`: no download from outside is meant.
    package static let projectTools: Set<String> = [
        "typescript", "eslint", "prettier", "jest", "vitest", "playwright", "prisma", "next", "vite", "webpack",
        "rollup",
        "tsx", "ts-node", "mocha", "nyc", "husky", "lint-staged", "tailwindcss", "convex", "storybook", "cypress", "nx",
        "turbo",
        "expo", "react-native", "remotion", "astro", "svelte-kit", "drizzle-kit", "wrangler", "@biomejs/biome", "tsup",
        "esbuild",
        "supabase", "vercel", "netlify", "firebase-tools", "serverless", "nodemon", "pm2", "typedoc", "lerna", "knip",
    ]

    /// `https://esm.sh/viem@2/chains` → `viem/chains`: what a server of packages hands out under its name; nil for others.
    private static func served(_ module: String) -> String? {
        for server in servers where module.hasPrefix(server) {
            var parts = module.dropFirst(server.utf8.count).split(separator: "/").map(String.init)
            guard !parts.isEmpty else { return nil }
            let name = parts[0].hasPrefix("@") && parts.count > 1 ? 1 : 0
            if let at = parts[name].dropFirst().firstIndex(of: "@") { parts[name] = String(parts[name][..<at]) }
            return parts.prefix(name + 1).joined(separator: "/")
        }
        return nil
    }

    private static let servers = [
        "https://esm.sh/", "https://cdn.jsdelivr.net/npm/", "https://unpkg.com/", "https://cdn.skypack.dev/",
    ]

    /// The package of a module as an import names it; nil for a relative path, an alias, a built-in or what is no name.
    package static func thirdParty(module: String) -> String? {
        if let path = served(module) { return thirdParty(module: path) }
        guard !module.hasPrefix("."), !module.hasPrefix("/"), !module.hasPrefix("@/"), !module.hasPrefix("~"),
            !module.hasPrefix("#"), !module.contains(":"), !module.contains("$"), !module.contains(" ")
        else { return nil }
        let parts = module.split(separator: "/").map(String.init)
        guard let first = parts.first, !builtin.contains(first), first.utf8.count <= 100 else { return nil }
        if first.hasPrefix("@") { return parts.count > 1 ? first + "/" + parts[1] : nil }
        let isName = first.utf8.allSatisfy {
            ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E
        }
        return isName && !first.isEmpty ? first : nil
    }
}
