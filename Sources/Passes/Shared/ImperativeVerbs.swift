/// Verbs that open an instruction. A list item that begins with one tells the agent to do something; one that begins
/// with a noun describes. Collected from the imperative leads of how-to texts.
enum ImperativeVerbs {
    static let all: Set<String> = Set(
        """
        abort accept acquire activate adapt add adjust aggregate align allow analyse analyze annotate announce answer append \
        apply approve archive ask assemble assert assess assign attach attempt audit authenticate authorize avoid back batch \
        begin bind block bootstrap branch break browse build bump bundle calculate calibrate call cancel capture categorize \
        check choose cite clarify classify clean clear click clone close code collect combine come commit communicate compare \
        compile complete compose compress compute conclude condense conduct configure confirm connect consider consolidate \
        construct consult continue convert copy correct count cover craft create cross-check cross-reference curate customize \
        debug decide declare decompose deduplicate deepen define delegate delete deliver demonstrate deploy derive describe \
        design detect determine develop diagnose diff disable discover discuss dismiss dispatch display distill divide do \
        document double-check download draft drop edit elaborate eliminate embed emit enable encode end enforce ensure enter \
        enumerate escalate establish estimate evaluate examine execute expand explain explore export expose extend extract \
        fail fetch fill filter finalize find finish fix flag focus follow format formulate forward gather generate get give \
        grade group guide hand handle help highlight identify ignore implement import improve include incorporate \
        increase indicate infer inform ingest initialize initiate inject input inquire insert inspect install integrate interpret \
        interview introduce invoke iterate join judge keep kill label launch lead learn leave let link list listen load locate \
        lock log login look loop maintain make manage map mark match measure merge migrate mine minimize mock modify monitor move \
        name navigate normalize note notify obtain offer open optimize orchestrate order organize output outline override \
        package parallelize parse pass paste patch pause perform persist pick ping place plan play point polish populate post \
        prefer prepare present preserve press preview prioritize probe process produce profile promote prompt propose protect \
        prototype provide provision prune publish pull push put query quote raise rank rate re-run reach read rebase rebuild \
        recall receive recognize recommend reconcile record recover redirect reduce refactor reference refine reflect refresh \
        register reject release reload remember remove rename render repeat replace reply report reproduce request rerun reset \
        resize resolve respond restart restore restructure resume retain retrieve retry return reuse revert review revise rewrite \
        roll rotate route run sample sanitize save scaffold scan schedule scope score scrape screenshot search secure seed select \
        send separate serve set setup shape share ship show sign simplify simulate skip sort spawn specify split spot stage \
        start state stop store stream strip structure submit subscribe substitute suggest summarise summarize surface survey \
        switch sync synthesize synthesise tag tailor take talk target teach tell terminate test think track trace train transcribe \
        transfer transform translate treat triage trigger trim try tune turn type understand undo unify uninstall unpack update \
        upgrade upload use validate verify view visit visualize visualise wait walk warn watch weigh wire work wrap write zip \
        accumulate adopt advance arrange augment bisect bypass canonicalize catch challenge circulate \
        commence complement concatenate coordinate correlate crawl crop defer deprecate discard disconnect \
        drain duplicate elevate elicit encourage encrypt enrich enroll exclude exit favor fork grab grant \
        greet halt hide hydrate interact intercept invite isolate lint lower mention mirror mount narrow \
        negotiate observe omit orient parameterize paraphrase partition permit pin predict preprocess prove purge \
        quantify reassess reboot rephrase require reserve retune rewind scroll see seek shift shorten shut slice \
        solve standardize stash stay strengthen study tabulate toggle tokenize unblock unlock unmount unzip vary \
        wipe withdraw \
        normalise benchmark brainstorm decode freeze outline pinpoint research reword scale sketch storyboard swap tweak vet categorise prioritise optimise organise finalise initialise recognise minimise customise apply
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))

    /// The verb itself, or what is done again: "re-read", "re-check".
    static func has(_ word: String) -> Bool {
        all.contains(word) || word.hasPrefix("re-") && all.contains(String(word.dropFirst(3)))
    }

    /// Words that may stand before the verb: "Then run", "If needed, ask", "Always check".
    static let openers: Set<String> = [
        "then", "first", "next", "finally", "always", "if", "when", "for", "once", "before", "after", "optionally",
        "now",
        "only", "never", "don't", "do", "in", "on", "with", "from", "to", "using", "re", "quickly", "carefully",
        "optional",
    ]
}
