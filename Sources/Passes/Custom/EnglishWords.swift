/// Words of the English in which skills are written, in lower case: enough of them to tell it from other languages, and
/// from what nobody knows. Collected by counting which words many skills have, without inflections.
enum EnglishWords {
    /// Whether a word in lower case is one of these, or a regular form of one. O(length).
    static func knows(_ word: String) -> Bool {
        if all.contains(word) || ImperativeVerbs.all.contains(word) { return true }
        for (ending, bases) in endings where word.hasSuffix(ending) {
            let stem = word.dropLast(ending.count)
            guard stem.count >= 2 else { continue }
            if bases.contains(where: { base in
                let whole = stem + base
                return all.contains(String(whole)) || ImperativeVerbs.all.contains(String(whole))
            }) {
                return true
            }
            // `running`, `stopped`.
            if let last = stem.last, stem.dropLast().last == last, all.contains(String(stem.dropLast())) { return true }
        }
        return false
    }

    private static let endings: [(String, [String])] = [
        ("ies", ["y"]), ("ied", ["y"]), ("es", ["", "e"]), ("s", [""]), ("ed", ["", "e"]), ("ing", ["", "e"]),
        ("ly", [""]), ("er", ["", "e"]), ("ion", ["", "e"]), ("able", ["", "e"]), ("'s", [""]),
    ]

    private static let all: Set<String> = Set(
        """
        about above absent absolute accept access accessible account accuracy accurate across action actionable \
        activation active activity actual ad add additional address adhere adjust admin adult advanced advice \
        affected after again against agent air alarm alerts alignment all allocation allow alone alongside already \
        also alternative always ambiguous amount an analysis analytics analyze and animal annotations another answer \
        any anything app appear append applicable application approach appropriate approval approve architecture \
        archive are area argument around array article artifact as ask assessment assets assistant assume \
        assumptions async at attempt attention audio audit auth authenticated authentication author authoritative \
        auto automated automatic automatically automation availability available average avoid awareness away back \
        backend background backup balance bank base baseline bash basic batch be because become been before behavior \
        behind being belong below best better between beyond bill billing binary bins block blog blue board body \
        book bot both boundaries box branch brand break breakdown brew brief broad broken browser budget bug build \
        built bundled business but buttons by bypass cache calendar call camera can cannot canonical capability \
        capacity capture card cart case catalog category cause cell chain change channel chapter characters charge \
        chat check checklist checkout checkpoint child choice choose chosen city claim clarifying class clean \
        cleanup clear client clock clone close cloth cloud cluster code codebase color colour column combined come \
        comma command comment comments commit committed common communication company compare comparison \
        compatibility complete completion complex complexity compliance component comprehensive compute concerns \
        concise concrete condition config configuration configure confirm confirmation conflicts connect connection \
        consistency consistent constraints construct contact contain content context continue continuous contract \
        control conventions conversation conversion convert cookies copy core correct cost could count country \
        course court cover coverage crash create creation credential criteria critical cron cross crowd currency \
        current custom customer daily dashboard data database dataset date day deadline debug debugging decision \
        declared dedicated deep default define definitions degree delete delivery demand dependency depends deploy \
        deployment depth describe description descriptive design designer desktop destination detailed details \
        detect detection determine developer development device diagnose diagnostic did diff difference different \
        digital direct directory disable discover discovery disk display distance do docs doctor document \
        documentation does doing domain don done down download downstream drink drive driver due duplicate duration \
        during dynamic dynamically each early earth easy edit editor effects efficiency either elements else email \
        embedded emits emoji empty enable encryption end endpoint energy enforced engine engineer engineering enough \
        ensure entire entry entrypoint env environment epic equivalent error especially estimated etc evaluate \
        evaluation even event every everything evidence exact exam example executable execute execution exist exit \
        expansion expect expensive experience expert explain explanation explicit export expose extension external \
        extra extract extraction fail failure fall fallback false family fast feature feedback fetch few field file \
        fill filter final find fine fire first fit fix flag flow focus folder follow font food footer for force \
        forever form format formatting formula found framework free frequency fresh friend from full fully function \
        future game gap gate gather general generate generation generic get getting give given glass global go goal \
        goes good google gracefully grade graph green group growth guess guest guidance guide guidelines hand handle \
        happens hard hardware has have header health heap heat height help here hidden high highest historical \
        history homepage host hour how however human icon id identifiers identify identity if image immediate impact \
        implement implementation import important improve improvement in incidents include incoming increase \
        independent individual industry inference info information infrastructure initial initialized inline input \
        inside insights inspect inspection install installation instance instead instructions integration intended \
        intent intentionally interact interaction interactive interface internal internet into invent invocation \
        invoice invoke is isolated issue it item iteration its itself job just keep kernel key keyboard keyword kind \
        know knowledge known label language large last latency later latest launch law layer layout lead leader \
        learn least leave left legacy length lesson let letter level library license lifecycle light lightweight \
        like limit line link linux list live load local location log logged logging logic login long look lookup \
        loop loss low machine made main maintain maintenance major make manage management manager mandatory manifest \
        manual many map mark markdown market mass match matter max maximum may me mean meaningful measure mechanism \
        media median meeting member memory mention merge message metadata metal method metric mid might milestone \
        min minimal minimum minutes mirror mismatch missing mixed mode model modern modify module money monitor \
        months more most mouse move much multi multiple music must my name namespace native natural navigation need \
        negative network never new news next no node noise non none normal not note nothing now number object \
        observability obtain of off official often old omit omitted on once one online only open operation \
        operational optimization option optional or order organization original os other otherwise out outcomes \
        output outside over overhead override own owner ownership package page paid paper paragraph parallel \
        parameter parent parse part partial partner pass password past paste patch path pattern payload payment \
        paywalls pen people per percent perform performance period permission persistent person personal phase phone \
        photo phrases pick picture pipeline place placeholder plain plan planning plant plastic platform player \
        plugin plus point policy pool port position positive possible post potential power practice pre precise \
        prefer preferences preferred prefix present preserved prevent preview previous price primary principles \
        print printer prioritize priority privacy private proactively problem procedure proceed process produce \
        product production profile progress project prompt proof proper property protection protocol provide \
        provisioning proxy public pull purpose quality quantity query question queue quick quota quote range rate \
        rather ratio raw reach read readable reader ready real reason rebase receipt receive receiver recent recipe \
        recipient recommend recommendation record recovery recurring red reduce refer reference refresh regardless \
        region regional register registration registry related release relevant reliable rely remain remember \
        reminder reminders remote remove rendering renders replace reply repo report repository request require \
        requirement research resolution resolve resource respond response restart restrictions result resume \
        retrieve retry return reuse review right risk roadmap role room root route router row rule run runner \
        running runtime safe safety same sample save say scale scan scenarios schedule schema school scope screen \
        script search second secrets section secure security see select selection self semantic send sender \
        sensitive sensor sent sentence separate sequence server service session set setting setup several shape \
        share sheet shell ship shop shopping short should show shown side sign signal significant silently similar \
        simple since single site size skill skip skipped slow small smoke snapshot snippets so social software \
        solutions some someone something song source space spec special specialized specific specifically specify \
        speech speed split sport sprint stable stack stage stale standalone standard start startup state static \
        stats status stay stderr step still stock stop storage store story strategy streaming street string \
        structure student style subject substitute succeeds success successful such suggest sum summarize summary \
        support sure surface switch sync syntax synthesis system table tag tailored take target task tax teacher \
        team technical techniques tell template terminal terms test text than that the their them then there these \
        they thin think third this those thread three threshold through ticket tiers time timeline timeout timer \
        timestamp title to today together token too tool top topic total track trade traffic train transaction \
        transcripts tree trigger troubleshooting true trust truth try tuning turn two type typically unavailable \
        under underlying understand unexpected unified unique unit unless unrelated unsupported until up update \
        upgrade upstream us usage use useful usually utility valid validate validation value variable variants \
        verification verify version via video view virtual visible visitor visual voice voltage volume wait want \
        warning was water wave way we weather web website week weight weights well were what when whenever where \
        whether which while white who whole why width will window wins with within without won wood word work worker \
        workflow workload workspace worth would wrapper write writer written wrong yes yet you your yourself zero \
        zone
        """.split(separator: " ").map(String.init))
}
