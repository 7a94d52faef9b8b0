// The shipped rules, sentence by sentence of the handbook: what is an incident, and how severe.

#include <doctest/doctest.h>

#include <string>

#include "support/history_script.hpp"
#include "support/shared_data.hpp"

namespace {

// What the engine says of these lines, with the shipped rules and the team of the histories.
std::string told(const std::string& commands) {
    const std::string text = "> begin 2026-03-04T10:00:00Z\n" + commands;
    return tocsin::support::tell_again(text, tocsin::support::read_file);
}

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& words) {
    std::size_t found = 0;
    for (std::size_t at = text.find(words); at != std::string::npos;
         at = text.find(words, at + 1)) {
        ++found;
    }
    return found;
}

// One alert, and what it must be.
void check_alert(const std::string& alert, const std::string& verdict) {
    const std::string text = told("> alert " + alert + "\n");
    INFO(text);
    CHECK(says(text, "}: " + verdict + " ("));
    const bool pages = verdict == "incident major" || verdict == "incident critical";
    CHECK(says(text, "-> text page to engineer-a") == pages);
}

}  // namespace

TEST_CASE(
    "a region that no vantage point reaches is critical after two minutes, one that some "
    "reach is not down [H-08] [H-32] [B6] [B7]") {
    const std::string some = told("> values site-down us 0.5 eu 1\n> pass 10m\n");
    CHECK_FALSE(says(some, "INC-1"));
    const std::string early = told("> values site-down us 0 eu 1\n> pass 1m45s\n");
    CHECK_FALSE(says(early, "INC-1"));
    const std::string down = told("> values site-down us 0 eu 1\n> pass 2m\n");
    CHECK(says(down, "verdict  site-down{region=\"us\"}: incident critical"));
    CHECK(says(down, "completely unavailable (not just for you)"));
    CHECK_FALSE(says(down, "site-down{region=\"eu\"}: incident"));
}

TEST_CASE("partly unreachable for five minutes is major, and customers are to be told [B7] [C4]") {
    const std::string text = told(
        "> values site-partly-down us 0.8 eu 1\n> pass 4m45s\n> values site-partly-down us 0.8 eu "
        "1\n");
    CHECK_FALSE(says(text, "INC-1"));
    const std::string later = told("> values site-partly-down us 0.8 eu 1\n> pass 5m\n");
    CHECK(says(later, "site-partly-down{region=\"us\"}: incident major"));
    CHECK(says(later, "tocsin communication:"));
}

TEST_CASE(
    "a vantage point that cannot be asked is in doubt, and takes nothing back [H-01] [H-08]") {
    const std::string text = told(
        "> values site-down us 0 eu 1\n> pass 3m\n> values site-down us unreachable eu 1\n> pass "
        "10m\n");
    CHECK(says(text, "declared as critical"));
    CHECK_FALSE(says(text, "closed"));
}

TEST_CASE("definite incidents page at once [H-09] [H-10] [H-28] [H-30] [H-31]") {
    check_alert("NoInsights region=us", "incident major");
    check_alert("FeatureFlagsNotReturned region=us", "incident major");
    check_alert("SignupBroken region=us", "incident major");
    check_alert("DjangoErrorRate role=web region=us", "incident major");
    const std::string flags = told("> values flags-down us 0 eu 1\n> pass 2m\n");
    CHECK(says(flags, "flags-down{region=\"us\"}: incident major"));
}

TEST_CASE(
    "any alert that calls itself critical is one, listed or not; others are shown [H-11] [B16]") {
    check_alert("SomethingNobodyListed severity=critical", "incident major");
    check_alert("SomethingNobodyListed severity=page", "incident major");
    check_alert("SomethingNobodyListed severity=warning", "unmatched");
    check_alert("SomethingNobodyListed instance=a", "unmatched");
}

TEST_CASE(
    "what the handbook says is no incident is none, even when it calls itself critical "
    "[H-12] [H-14] [H-17]") {
    check_alert("InsightsIncorrect region=us severity=critical", "not_an_incident");
    check_alert("InsightsNotSaved region=us severity=critical", "not_an_incident");
    check_alert("FeatureFlagsNotCreated region=us severity=critical", "not_an_incident");
}

TEST_CASE("its owner hears of what is no incident, without a page [H-12]") {
    const std::string text = told("> alert InsightsIncorrect region=us\n");
    CHECK(says(text, "notify to engineer-b"));
    CHECK_FALSE(says(text, "-> text page"));
}

TEST_CASE("a loss stands above what could call the same alert harmless [H-17] [H-33] [B9]") {
    check_alert("InsightsIncorrect region=us data_loss=true", "incident critical");
    check_alert("DataLoss region=us severity=warning", "incident critical");
}

TEST_CASE("making insights fails is one, saving them is not, both is one [B8]") {
    check_alert("NoInsights region=us", "incident major");
    check_alert("InsightsNotSaved region=us", "not_an_incident");
    const std::string both =
        told("> alert InsightsNotSaved region=us\n> alert NoInsights region=us\n");
    CHECK(count(both, "tocsin declared: ") == 1);
}

TEST_CASE("the minor examples are minor and page nobody [H-21] [H-23] [H-24] [H-25]") {
    check_alert("NonCriticalBroken service=toolbar region=us", "incident minor");
    check_alert("PerformanceDegraded service=api region=us", "incident minor");
    check_alert("MemoryLeak container=web namespace=posthog region=us", "incident minor");
    check_alert("KubernetesVolumeFullInFourDays instance=db severity=critical", "incident minor");
}

TEST_CASE("the critical examples are critical, and a breach is private [H-32] [H-33] [H-34]") {
    check_alert("PostHogCloudDown region=eu", "incident critical");
    check_alert("DataBreach region=us", "incident critical");
    check_alert("EventsLost region=us", "incident critical");
    check_alert("IngestionFailing region=us", "incident critical");
}

TEST_CASE("a full disk and an OOM are major, and critical where events can be lost [B10]") {
    check_alert("KubernetesOutOfDisk instance=web-1", "incident major");
    check_alert("KafkaDiskCritical instance=b1 component=ingestion", "incident critical");
    check_alert("KubernetesContainerOomKiller container=web namespace=p region=us",
                "incident major");
    check_alert(
        "KubernetesContainerOomKiller container=in namespace=p region=us "
        "component=ingestion data_loss=true",
        "incident critical");
}

TEST_CASE(
    "of two rules that speak of one incident the more severe counts, in either order [H-20]") {
    for (const bool minor_first : {true, false}) {
        const std::string leak = "> alert MemoryLeak container=web namespace=p region=us\n";
        const std::string oom =
            "> alert KubernetesContainerOomKiller container=web namespace=p region=us\n";
        const std::string text = told(minor_first ? leak + oom : oom + leak);
        INFO(text);
        CHECK(count(text, "tocsin declared: ") == 1);
        CHECK(says(text, "major triage"));
        CHECK(count(text, "-> text page to engineer-a") == 1);
        CHECK_FALSE(says(text, "major triage, episode 2"));
    }
}

TEST_CASE("a value that cannot be read is taken for the worst of its ladder [H-01] [H-20]") {
    check_alert("IngestionLag region=us @lag_seconds=soon", "incident major");
}

TEST_CASE("the lag is judged at the second: 300 is not over five minutes [H-13] [B1] [B3] [C7]") {
    check_alert("IngestionLag region=us @lag_seconds=299", "not_an_incident");
    check_alert("IngestionLag region=us @lag_seconds=300", "not_an_incident");
    check_alert("IngestionLag region=us @lag_seconds=301", "incident major");
}

TEST_CASE("growing lag under five minutes is watched, and nobody is told [B2] [H-24]") {
    const std::string text = told("> values ingestion-lag-growing us 200 eu none\n> pass 10m\n");
    CHECK(says(text, "ingestion-lag-growing{region=\"us\"}: watch"));
    CHECK_FALSE(says(text, "->"));
}

TEST_CASE(
    "half an hour of lag counts at the second evaluation, then customers are to be told "
    "[H-50] [B4]") {
    const std::string once = told(
        "> values ingestion-lag us 1800\n> pass 10s\n> values ingestion-lag us 1700\n> pass 1m\n");
    CHECK_FALSE(says(once, "tocsin communication:"));
    const std::string twice = told("> values ingestion-lag us 1800\n> pass 15s\n");
    CHECK(says(twice, "tocsin communication:"));
    CHECK_FALSE(says(twice, "critical"));
}

TEST_CASE("long lag is a delay, not a loss; consumption that stands still is [B5] [H-34]") {
    const std::string late = told("> values ingestion-lag us 90000\n> pass 5m\n");
    CHECK_FALSE(says(late, "incident critical"));
    const std::string lost = told("> values ingestion-failing us 1\n");
    CHECK(says(lost, "incident critical"));
}

TEST_CASE("hosts and regions are settings: the label decides whose incident it is [C8]") {
    const std::string text = told("> alert NoInsights region=mars\n> alert NoInsights region=us\n");
    CHECK(count(text, "tocsin declared: ") == 2);
    CHECK(says(text, "No insights can be created in mars"));
}

TEST_CASE("a person may call it critical at any time, and says why [H-36]") {
    const std::string text = told(
        "> alert NoInsights region=us\n> severity INC-1 by engineer-b critical\n"
        "> severity INC-1 by engineer-b critical: the largest customer left\n");
    CHECK(says(text, "refused  missing"));
    CHECK(says(text, "engineer-b severity: severity major -> critical: the largest customer left"));
    CHECK(says(text, "INC-1/1/critical/"));
}

TEST_CASE("the people of the rule are brought in: Infra and the owner [H-42] [C2]") {
    const std::string text = told("> alert PostHogCloudDown region=us\n");
    CHECK(says(text, "involved engineer-d engineer-e engineer-a"));
}

TEST_CASE("everybody may declare, and all that happens is on one timeline in UTC [H-06] [H-44]") {
    const std::string text = told(
        "> declare by somebody-from-sales: customers cannot log in\n"
        "> note INC-1 by engineer-a: looks like DNS\n> ack INC-1 by engineer-a\n");
    CHECK(says(text, "INC-1    somebody-from-sales declared"));
    CHECK(says(text, "INC-1    engineer-a note: looks like DNS"));
    CHECK(says(text, "INC-1    tocsin paged"));
    CHECK(says(text, "INC-1    engineer-a acknowledged"));
    CHECK(says(text, "lead somebody-from-sales"));
}

TEST_CASE("nobody is paged for what is clear or mended, also when silence had begun it [H-61]") {
    const std::string silent =
        "> alert NoInsights region=us\n> ack INC-1 by engineer-a\n> pass 61m\n";
    CHECK(count(told(silent), "-> text page to engineer-a") == 2);
    const std::string clear = told(silent + "> resolve NoInsights region=us\n> pass 2h\n");
    CHECK(count(clear, "-> text page to engineer-a") == 3);  // once more while it clears
    CHECK(says(clear, "clean, 4 of 4"));
    const std::string mended =
        told(silent + "> monitoring INC-1 by engineer-b: restarted\n> pass 10m\n");
    CHECK(count(mended, "-> text page to engineer-a") == 2);
}

TEST_CASE("who says that the fix is in place has it, and leads if nobody does [H-40] [H-61]") {
    const std::string text = told(
        "> alert NoInsights region=us\n> monitoring INC-1 by engineer-b: restarted\n> pass 10m\n");
    CHECK(says(text, "major monitoring, episode 1, acknowledged by engineer-b, lead engineer-b"));
    CHECK(count(text, "-> text page to") == 1);
}

TEST_CASE("what a person has lowered is paged again when nobody says a word about it [H-27]") {
    const std::string text = told(
        "> alert PostHogCloudDown region=us\n> ack INC-1 by engineer-a\n"
        "> severity INC-1 by engineer-a major: one page only\n> pass 61m\n");
    CHECK(says(text, "[INC-1/1/major/engineer-a/page]"));
}

TEST_CASE("what was clear before it was declined is judged anew when it comes back [H-02]") {
    const std::string text = told(
        "> alert NoInsights region=us\n> pass 1m\n> resolve NoInsights region=us\n> pass 4m\n"
        "> decline INC-1 by engineer-a: a deploy\n> pass 2m\n> alert NoInsights region=us\n");
    CHECK(says(text, "INC-2    tocsin declared"));
}
