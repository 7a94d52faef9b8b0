// The in-app banner: who may switch it, for what, and which texts are fit for customers.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/banner.hpp"
#include "support/shared_data.hpp"
#include "support/world.hpp"

using namespace tocsin;
using namespace tocsin::core;
using namespace tocsin::core::testing;

namespace {

const std::string duplicated =
    "Events from the last 5 days may be duplicated due to an error. "
    "[More info](https://status.posthog.com/).";
const std::string delayed =
    "Event ingestion is currently delayed by three hours. "
    "[More info](https://status.posthog.com/).";
const std::string generic =
    "We're experiencing technical difficulties. Check "
    "[status.posthog.com](https://status.posthog.com) for updates.";

Policy policy_with_page() {
    Policy policy = World::default_policy();
    policy.status_page_url = "https://status.posthog.com";
    return policy;
}

std::vector<Rule> rules() {
    return {alert_rule("site", "alertname=\"SiteDown\"", Severity::critical, {"region"}),
            alert_rule("signup", "alertname=\"SignupBroken\"", Severity::major)};
}

// INC-1 is critical, and engineer-a leads it.
World world_with_critical(Policy policy = policy_with_page()) {
    World world(rules(), std::move(policy));
    world.send(world.alert("SiteDown"));
    world.command(1, Acknowledge{});
    return world;
}

void give(World& world, const std::string& by, Command command) {
    world.last = world.send(CommandGiven{1, by, std::move(command)});
}

std::string refusal(const World& world) {
    return world.last.refusal ? world.last.refusal->code : "";
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("The handbook's own banners are fit for customers [H-54] [H-55]") {
    for (const std::string& text : {duplicated, delayed, generic}) {
        CAPTURE(text);
        CHECK_FALSE(banner_problem(text));
    }
    const std::string page =
        support::read_file(support::shared_data() / "handbook/000_0a5f06e69bc0044b.txt");
    if (page.empty()) {
        MESSAGE("skipped: there is no handbook to compare with");
        return;
    }
    for (const std::string& text : {duplicated, delayed, generic}) {
        CAPTURE(text);
        CHECK(contains(page, text));
    }
}

TEST_CASE("A banner's text is linked, short and plain, or it is refused with the reason [H-54]") {
    struct Row {
        std::string text;
        const char* expected;
    };
    const std::string more = " [More info](https://status.posthog.com/)";
    const std::vector<Row> rows = {
        {"Events are late.", "must link"},
        {"Events are late, see https://status.posthog.com", "must link"},
        {"Events are late. [More info](status.posthog.com)", "no web page"},
        {"Events are late. [More info](javascript:alert(1))", "no web page"},
        {"Events are late. [More info](https://a.example@evil.example/)", "no web page"},
        {"Events are late. [More info](https://)", "no web page"},
        {"Events are late. [More info]( https://status.posthog.com)", "no web page"},
        {std::string(155, 'x') + more, "characters"},
        {std::string(2000, 'x') + more, "too long"},
        {"Events are late.\nSorry." + more, "one line"},
        {"Events are \x1b[1mlate" + more, "one line"},
        {"Events are <b>late</b>." + more, "HTML"},
        {"<!-- late -->" + more, "HTML"},
        {"![late](https://status.posthog.com/late.png)", "images"},
        {"kafka.internal is down." + more, "`kafka.internal`"},
        {"10.0.0.7 is down." + more, "`10.0.0.7`"},
        {"localhost is down." + more, "`localhost`"},
        {"kafka-broker-1 is down." + more, "`kafka-broker-1`"},
        {"Events are late (INC-7)." + more, "`INC-7`"},
        {"Events are late, ABC-123." + more, "`ABC-123`"},
        {"Events are late, #123." + more, "`#123`"},
        {"Events are late. Ask [status.evil.example](https://status.posthog.com)",
         "`status.evil.example`"},
        {"Events are \xff late." + more, "UTF-8"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto problem = banner_problem(row.text);
        REQUIRE(problem.has_value());
        CHECK(problem->field == "text");
        CHECK_MESSAGE(contains(problem->message, row.expected), problem->message);
    }
}

TEST_CASE("A banner's length is what customers see of it, not its links [H-54]") {
    const std::string link =
        "[More info](https://status.posthog.com/" + std::string(300, 'a') + ")";
    CHECK_FALSE(banner_problem(std::string(150, 'x') + " " + link));
    CHECK(banner_problem(std::string(151, 'x') + " " + link));
    std::string umlauts;
    for (int i = 0; i < 150; ++i) umlauts += "\u00fc";
    CHECK_FALSE(banner_problem(umlauts + " " + link));
}

TEST_CASE("Plain sentences with numbers, times and abbreviations are fit for a banner") {
    const std::string more = " [More info](https://status.posthog.com/).";
    for (const char* text :
         {"Events are delayed by 2-3 hours, e.g. in the EU, since 14:30 UTC.",
          "Less than 5% of queries fail, i.e. < 1 of 20.", "Sign-up fails. We're on it!"}) {
        CAPTURE(text);
        CHECK_FALSE(banner_problem(text + more));
    }
}

TEST_CASE("The shipped templates pass their own check, the generic one first [H-55]") {
    const auto templates = banner_templates(policy_with_page());
    REQUIRE(templates.size() == 3);
    CHECK(templates[0].name == "generic");
    CHECK(templates[0].text == generic);
    for (const BannerTemplate& one : templates) {
        CAPTURE(one.text);
        CHECK_FALSE(banner_problem(one.text));
    }
    CHECK(banner_templates(World::default_policy()).empty());
}

TEST_CASE(
    "The lead switches the banner on for a critical incident; it says the generic text "
    "unless told otherwise [H-45] [H-52] [H-53]") {
    World world = world_with_critical();
    world.command(1, SetBanner{.on = true});
    CHECK(refusal(world).empty());
    CHECK(world.incident(1).banner.on);
    CHECK(world.incident(1).banner.text == generic);
    CHECK(world.incident(1).banner.by == "engineer-a");
    world.command(1, SetBanner{.on = true});
    CHECK(world.last.empty());
    world.command(1, SetBanner{.on = true, .text = "delayed"});
    CHECK(contains(world.incident(1).banner.text, "Event ingestion is currently delayed."));
    world.command(1, SetBanner{.on = true, .text = delayed});
    CHECK(world.incident(1).banner.text == delayed);
    CHECK(world.timeline.back().what == "banner");
    CHECK(world.timeline.back().by == "engineer-a");
    CHECK(contains(world.timeline.back().text, delayed));
}

TEST_CASE("Only the lead switches the banner on, anybody switches it off [H-53]") {
    World world(rules(), policy_with_page());
    world.send(world.alert("SiteDown"));
    give(world, "engineer-b", SetBanner{.on = true});
    CHECK(refusal(world) == "conflict");
    CHECK(contains(world.last.refusal->message, "take the lead first"));
    world.command(1, Acknowledge{});
    give(world, "engineer-b", SetBanner{.on = true});
    CHECK(refusal(world) == "conflict");
    CHECK(contains(world.last.refusal->message, "only the lead (engineer-a)"));
    CHECK_FALSE(world.incident(1).banner.on);

    world.command(1, SetBanner{.on = true});
    give(world, "engineer-b", SetBanner{.on = false});
    CHECK(refusal(world).empty());
    CHECK_FALSE(world.incident(1).banner.on);
    CHECK(world.incident(1).banner.by == "engineer-b");
    give(world, "engineer-b", SetBanner{.on = false});
    CHECK(world.last.empty());
}

TEST_CASE("The banner is for what is critical and hits users, not for every incident [C3] [H-52]") {
    World world(rules(), policy_with_page());
    world.send(world.alert("SignupBroken"));
    world.command(1, Acknowledge{});
    world.command(1, SetBanner{.on = true});
    CHECK(refusal(world) == "conflict");
    CHECK(contains(world.last.refusal->message,
                   "If the incident is critical and clearly impacting users"));

    Policy quiet = policy_with_page();
    quiet.critical.communicate = false;
    World unseen = world_with_critical(quiet);
    unseen.command(1, SetBanner{.on = true});
    CHECK(refusal(unseen) == "conflict");
    CHECK(contains(unseen.last.refusal->message, "communication is not due"));
}

TEST_CASE("A text that is not fit for customers switches nothing, and the templates are named") {
    World world = world_with_critical();
    world.command(1, SetBanner{.on = true, .text = "kafka-1 is down"});
    CHECK(refusal(world) == "bad_banner");
    CHECK(world.last.refusal->field == "text");
    CHECK(contains(world.last.refusal->message, "generic, delayed, duplicated"));
    CHECK_FALSE(world.incident(1).banner.on);

    World nowhere = world_with_critical(World::default_policy());
    nowhere.command(1, SetBanner{.on = true});
    CHECK(refusal(nowhere) == "missing");
    CHECK(contains(nowhere.last.refusal->message, "status_page_url"));
    nowhere.command(1, SetBanner{.on = true, .text = delayed});
    CHECK(nowhere.incident(1).banner.on);
}

TEST_CASE("The banner is offered once, when an incident becomes critical [H-52]") {
    const auto offers = [](const World& world) {
        int count = 0;
        for (const TimelineEntry& entry : world.timeline) {
            count += contains(entry.text, "may switch the banner on") ? 1 : 0;
        }
        return count;
    };
    World at_once = world_with_critical();
    CHECK(offers(at_once) == 1);

    Rule partly = alert_rule("partly", "alertname=\"PartlyDown\"", Severity::major);
    partly.ladder.front().communicate = true;
    World world({partly}, policy_with_page());
    world.send(world.alert("PartlyDown"));
    CHECK(offers(world) == 0);
    world.command(1, ChangeSeverity{Severity::critical, "it is everybody"});
    CHECK(offers(world) == 1);
    world.command(1, ChangeSeverity{Severity::major, "it is not"});
    world.command(1, ChangeSeverity{Severity::critical, "it is after all"});
    world.send(world.alert("PartlyDown", Labels{{"pod", "b"}}));
    CHECK(offers(world) == 1);
}

TEST_CASE("The banner's integration is told of each change, and nobody without one") {
    World nobody = world_with_critical();
    nobody.command(1, SetBanner{.on = true});
    CHECK(nobody.keys(Action::banner).empty());

    Policy policy = policy_with_page();
    policy.banner = "flag";
    World world = world_with_critical(policy);
    world.command(1, SetBanner{.on = true});
    world.command(1, SetBanner{.on = true});
    REQUIRE(world.keys(Action::banner).size() == 1);
    CHECK(world.effects.back().integration == "flag");
    CHECK(world.effects.back().text == generic);
    CHECK(world.effects.back().incident.banner.on);
    world.command(1, SetBanner{.on = false});
    REQUIRE(world.keys(Action::banner).size() == 2);
    CHECK_FALSE(world.effects.back().incident.banner.on);
}

TEST_CASE("A banner that is still on stands in the way of declining, and is reminded of [H-63]") {
    World world = world_with_critical();
    world.command(1, SetBanner{.on = true});
    world.command(1, Decline{"a planned test"});
    CHECK(refusal(world) == "conflict");
    CHECK(contains(world.last.refusal->message, "the banner is still on"));
    world.command(1, Close{.cause = "a", .fix = "b", .force = "known"});
    REQUIRE(world.incident(1).state == IncidentState::closed);
    const bool reminded = std::any_of(
        world.timeline.begin(), world.timeline.end(),
        [](const TimelineEntry& entry) { return contains(entry.text, "tocsin banner INC-1 off"); });
    CHECK(reminded);
    world.command(1, SetBanner{.on = true, .text = delayed});
    CHECK(refusal(world) == "conflict");
    world.command(1, SetBanner{.on = false});
    CHECK(refusal(world).empty());
    CHECK_FALSE(world.incident(1).banner.on);
}
