import Basics

/// A ClawHub: answers as https://github.com/openclaw/clawhub does (its `docs/http-api.md` and `convex/httpApiV1/skillsV1.ts`),
/// from a folder that a test may change while it is served.
///
/// `<owner>/<slug>/<version>/…` are the files of a version, `<owner>/<slug>/about.json` may hold `created` (version →
/// milliseconds), `withdrawn` (versions), `moderation`, `slug` and `owner` (what it is called now). `answers.json` replaces
/// answers: path → `{status, body, repeat, zip, headers}`.
package struct HubServer: Sendable {
    package let root: String
    package let server: ScriptedWebServer

    /// As `[registries]` writes it.
    package var address: String { "clawhub+" + server.address }

    package static func serving<R: Sendable>(
        _ root: String, _ body: @escaping @Sendable (HubServer) async throws -> R
    ) async throws -> R {
        try FileSystem.makeDirectories(root)
        return try await ScriptedWebServer.serving("ROOT = \"\(root)\"\n" + script) { server in
            try await body(HubServer(root: root, server: server))
        }
    }

    /// The paths that were asked for, without queries.
    package func paths() throws -> [String] {
        try server.requests().map { line in
            String(line.split(separator: " ")[1].prefix { $0 != "?" })
        }
    }

    private static let script = #"""
        import hashlib, io, zipfile
        def load(name):
            name = os.path.join(ROOT, name)
            return json.load(open(name)) if os.path.exists(name) else {}
        def packed(files):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in sorted(files.items()):
                    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
            return out.getvalue()
        def send(value, status=200):
            return self.answer(status, json.dumps(value), Content_Type="application/json")
        def say(text, status):
            return self.answer(status, text, Content_Type="text/plain; charset=utf-8")
        other = load("answers.json").get(path)
        if other is not None:
            body = packed(other["zip"]) if "zip" in other else (other.get("body", "") * other.get("repeat", 1)).encode()
            return self.answer(other.get("status", 200), body, **other.get("headers", {}))
        parts = path.split("/")[3:]
        if parts[0] == "search":
            words = self.query.get("q", "").split()
            results = []
            for owner in sorted(os.listdir(ROOT)):
                for slug in sorted(os.listdir(os.path.join(ROOT, owner))) if os.path.isdir(os.path.join(ROOT, owner)) else []:
                    if any(word in slug for word in words):
                        results.append({"slug": slug, "displayName": slug, "summary": "Of " + owner, "version": "1.0.0",
                            "score": 0.5, "ownerHandle": owner, "owner": {"handle": owner}, "source": "clawhub"})
            results.append({"slug": "listed-only", "displayName": "x", "score": 0.1, "source": "skills-sh"})
            return send({"results": results[:int(self.query.get("limit", 20))]})
        slug = (self.query.get("slug", "") if parts[0] == "download" else parts[1]).strip().lower()
        wanted = self.query.get("ownerHandle")
        owners = [o for o in sorted(os.listdir(ROOT)) if os.path.isdir(os.path.join(ROOT, o, slug)) and wanted in (None, o)]
        if not owners: return say("Skill not found", 404)
        if len(owners) > 1:
            return send({"code": "AMBIGUOUS_SKILL_SLUG", "message": "Found multiple skills", "slug": slug, "matches":
                [{"ownerHandle": o, "slug": slug, "ref": "@%s/%s" % (o, slug), "url": ""} for o in owners]}, 409)
        owner = owners[0]
        folder = os.path.join(ROOT, owner, slug)
        about = load(os.path.join(owner, slug, "about.json"))
        versions = [v for v in sorted(os.listdir(folder), reverse=True) if os.path.isdir(os.path.join(folder, v))]
        offered = [v for v in versions if v not in about.get("withdrawn", [])]
        def created(version): return about.get("created", {}).get(version, 1700000000000.5)
        def entry(version): return {"version": version, "createdAt": created(version), "changelog": "", "changelogSource": None}
        def files(version):
            found = {}
            for top, _, names in os.walk(os.path.join(folder, version)):
                for name in names:
                    full = os.path.join(top, name)
                    found[os.path.relpath(full, os.path.join(folder, version))] = open(full, "rb").read()
            return found
        if parts[0] == "download":
            version = self.query.get("version")
            if version is None:
                return send({"sourceRef": "public-github", "repo": "acme/kit", "commit": "0" * 40, "path": "skills/" + slug})
            if version not in versions: return say("Version not found", 404)
            if version not in offered: return say("Version not available", 410)
            held = files(version)
            held["_meta.json"] = json.dumps({"ownerId": "u1", "slug": slug, "version": version, "publishedAt": created(version)})
            return self.answer(200, packed(held), Content_Type="application/zip", Cache_Control="private, max-age=60")
        if len(parts) == 2:
            newest = offered[0] if offered else None
            return send({"skill": {"slug": about.get("slug", slug), "displayName": slug, "summary": "Of " + owner,
                    "tags": {"latest": newest} if newest else {}, "stats": {}, "createdAt": 0, "updatedAt": 0},
                "latestVersion": entry(newest) if newest else None, "metadata": None,
                "owner": {"handle": about.get("owner", owner), "displayName": owner, "image": None},
                "moderation": about.get("moderation")})
        if len(parts) == 3:
            start = int(self.query.get("cursor", 0))
            page = versions[start:start + 2]
            after = start + 2 < len(versions)
            return send({"items": [entry(v) for v in page if v in offered], "nextCursor": str(start + 2) if after else None})
        version = urllib.parse.unquote(parts[3])
        if version not in versions: return say("Version not found", 404)
        if version not in offered: return say("Version not available", 410)
        listed = [{"path": p, "size": len(b), "sha256": hashlib.sha256(b).hexdigest(), "contentType": None}
            for p, b in sorted(files(version).items())]
        return send({"skill": {"slug": slug, "displayName": slug}, "version": dict(entry(version), files=listed, license=None)})
        """#
}
