// The page over HTTP: who may open it, that only a POST acts, and the documents afterwards.

#include <doctest/doctest.h>

#include "integrations/json.hpp"
#include "integrations/link.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

const Secret secret(std::string(32, 'k'));

shell::Access with_tokens() {
    shell::Access access;
    access.tokens.push_back({.name = "reader", .token = Secret("reads"), .read = true});
    access.tokens.push_back(
        {.name = "people", .token = Secret("acts"), .read = true, .command = true});
    access.tokens.push_back({.name = "am", .token = Secret("alerts"), .alerts = true});
    return access;
}

/// One incident, INC-1, declared by an alert and paged.
struct PageWorld : EngineWorld {
    explicit PageWorld(shell::Access access = with_tokens(), Faults faults = {})
        : EngineWorld(std::move(faults)) {
        load_rules();
        api.set_settings({.access = std::move(access),
                          .ruleset = disk_full_rules(),
                          .warnings = {},
                          .link_key = secret,
                          .install_id = "id"});
        (void)give(alert("broker-1"));
        runtime.run_until_idle();
    }

    static shell::HttpIn with_key(const std::string& key) {
        shell::HttpIn head;
        head.query.emplace_back("k", key);
        return head;
    }
    static std::string key(const std::string& person, std::uint64_t incident = 1) {
        return integrations::link_key(secret, incident, {.episode = 1, .person = person});
    }
    shell::HttpReply open(const std::string& its_key, const char* path = "/incidents/INC-1") {
        return request("GET", path, "", with_key(its_key));
    }
    shell::HttpReply post(const std::string& its_key, const std::string& form) {
        auto head = with_key(its_key);
        head.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
        return request("POST", "/incidents/INC-1", form, std::move(head));
    }
    shell::HttpReply post_as(const char* authorization, const std::string& form,
                             const char* origin = "") {
        shell::HttpIn head;
        head.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
        if (*authorization != '\0') head.headers.emplace_back("authorization", authorization);
        if (*origin != '\0') head.headers.emplace_back("origin", origin);
        return request("POST", "/incidents/INC-1", form, std::move(head));
    }
    const core::Incident& incident() { return engine.state().incidents.at(1); }
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string header(const shell::HttpReply& reply, std::string_view name) {
    for (const auto& [key, value] : reply.headers) {
        if (key == name) return value;
    }
    return {};
}

}  // namespace

TEST_CASE("the link opens its incident, and looking at it changes nothing") {
    PageWorld world;
    const auto commits = world.store.commits();
    for (const char* method : {"GET", "HEAD"}) {
        const auto reply = world.request(method, "/incidents/INC-1", "",
                                         PageWorld::with_key(PageWorld::key("engineer-a")));
        CHECK(reply.status == 200);
        CHECK(reply.content_type == "text/html; charset=utf-8");
        CHECK(has(reply.body, "disk-full"));
        CHECK(has(reply.body, "You act as"));
        CHECK(has(header(reply, "Content-Security-Policy"), "default-src 'none'"));
        CHECK(header(reply, "Cache-Control") == "no-store");
        CHECK(header(reply, "Referrer-Policy") == "no-referrer");
        CHECK(header(reply, "X-Content-Type-Options") == "nosniff");
        CHECK(header(reply, "X-Robots-Tag") == "noindex");
    }
    // What a preview might try, with the form's own words in the query.
    auto preview = PageWorld::with_key(PageWorld::key("engineer-a"));
    preview.query.emplace_back("do", "ack");
    CHECK(world.request("GET", "/incidents/INC-1", "", preview).status == 200);
    CHECK(world.store.commits() == commits);
    CHECK_FALSE(world.incident().acknowledged_at);
}

TEST_CASE("its POST acts as the link's person, whatever the form says, and goes back to the page") {
    PageWorld world;
    const std::string key = PageWorld::key("engineer-a");
    const auto reply = world.post(key, "do=ack&by=somebody-else");
    CHECK(reply.status == 303);
    CHECK(header(reply, "Location") == "INC-1?k=" + key);
    CHECK(world.incident().acknowledged_by == "engineer-a");
    CHECK(world.incident().lead == "engineer-a");
    CHECK(world.disk->journal.rbegin()->second.body ==
          "/api/v1/incidents/INC-1/ack\n{\"by\":\"engineer-a\"}");

    CHECK(world.post(PageWorld::key("engineer-b"), "do=lead").status == 303);
    CHECK(world.incident().lead == "engineer-b");
    CHECK(world.post(key, "do=note&text=two%0D%0Alines+%3Cb%3E").status == 303);
    const auto page = world.open(key);
    CHECK(has(page.body, "two\nlines &lt;b&gt;"));
}

TEST_CASE("a link for nobody in particular asks for a name before it acts") {
    PageWorld world;
    const std::string key = PageWorld::key("");
    CHECK(has(world.open(key).body, "name=\"by\""));
    for (const char* form : {"do=ack", "do=ack&by=", "do=ack&by=+++", "do=ack&by=a%0Ab"}) {
        CAPTURE(form);
        const auto refused = world.post(key, form);
        CHECK(refused.status == 400);
        CHECK(has(refused.body, "Who are you?"));
    }
    CHECK_FALSE(world.incident().acknowledged_at);
    CHECK(world.post(key, "do=ack&by=+engineer-c+").status == 303);
    CHECK(world.incident().acknowledged_by == "engineer-c");
}

TEST_CASE(
    "a wrong key, a void one and an incident that is not there get one answer, without details") {
    PageWorld world;
    const std::string good = PageWorld::key("engineer-a");
    std::string other_person = good;
    other_person.replace(
        0, good.find('.'),
        PageWorld::key("engineer-b").substr(0, PageWorld::key("engineer-b").find('.')));
    const std::string elsewhere = PageWorld::key("engineer-a", 2);
    const std::string later = integrations::link_key(secret, 1, {.episode = 2, .person = "a"});
    const auto expected = world.open("wrong");
    CHECK(expected.status == 403);
    CHECK(has(expected.body, "This link does not work"));
    CHECK_FALSE(has(expected.body, "disk-full"));
    struct Row {
        const char* sentence;
        std::string key;
        const char* path;
    };
    for (const Row& row :
         std::vector<Row>{{"no key at all in it", "", "/incidents/INC-1"},
                          {"another person's code", other_person, "/incidents/INC-1"},
                          {"another incident's", elsewhere, "/incidents/INC-1"},
                          {"this one's, elsewhere", good, "/incidents/INC-2"},
                          {"a good one for what does not exist", elsewhere, "/incidents/INC-2"},
                          {"an episode to come", later, "/incidents/INC-1"},
                          {"no incident", good, "/incidents/seven"}}) {
        CAPTURE(row.sentence);
        const auto reply = world.open(row.key, row.path);
        CHECK(reply.status == expected.status);
        CHECK(reply.body == expected.body);
        CHECK(reply.headers == expected.headers);
        auto head = PageWorld::with_key(row.key);
        head.headers.emplace_back("content-type", "application/x-www-form-urlencoded");
        CHECK(world.request("POST", row.path, "do=ack", head).body == expected.body);
    }
    CHECK_FALSE(world.incident().acknowledged_at);
}

TEST_CASE("a link is void a day after closing, for looking and for acting") {
    PageWorld world;
    const std::string key = PageWorld::key("engineer-a");
    (void)world.give(core::CommandGiven{
        .incident = 1, .by = "b", .command = core::Close{"cause", "fix", "known"}});
    world.runtime.run_until_idle();
    CHECK(world.open(key).status == 200);
    CHECK(world.post(key, "do=ack").status == 409);
    world.runtime.run_for(hours(23));
    CHECK(world.post(key, "do=note&text=late+but+welcome").status == 303);
    world.runtime.run_for(hours(1));
    CHECK(world.open(key).status == 403);
    CHECK(world.post(key, "do=note&text=too+late").status == 403);
}

TEST_CASE("without a key a token opens the page, and acts if it may command") {
    PageWorld world;
    struct Row {
        const char* sentence;
        const char* authorization;
        int get;
        int post;
    };
    for (const Row& row : std::vector<Row>{{"no token", "", 401, 401},
                                           {"a wrong one", "Bearer wrong", 401, 401},
                                           {"one for alerts", "Bearer alerts", 403, 403},
                                           {"one that may read", "Bearer reads", 200, 403},
                                           {"one that may command", "Bearer acts", 200, 303}}) {
        CAPTURE(row.sentence);
        auto head = EngineWorld::with("authorization", row.authorization);
        const auto page = world.request("GET", "/incidents/INC-1", "", head);
        CHECK(page.status == row.get);
        if (row.get == 200) CHECK(has(page.body, "<form") == (row.post == 303));
        CHECK(world.post_as(row.authorization, "do=note&text=x&by=engineer-a").status == row.post);
    }
    const auto none = world.request("GET", "/incidents/INC-9", "",
                                    EngineWorld::with("authorization", "Bearer reads"));
    CHECK(none.status == 404);
}

TEST_CASE("another site's page cannot act with a browser's stored token") {
    PageWorld world;
    const char* form = "do=ack&by=engineer-a";
    CHECK(world.post_as("Bearer acts", form, "https://evil.example").status == 403);
    CHECK(world.post_as("Bearer acts", form, "null").status == 403);
    CHECK_FALSE(world.incident().acknowledged_at);
    CHECK(world.post_as("Bearer acts", form, "http://127.0.0.1:9120").status == 303);
}

TEST_CASE("without tokens on loopback the page is open, and asks for a name") {
    shell::Access access;
    access.local_names_only = true;
    PageWorld world(access);
    const auto page = world.request("GET", "/incidents/INC-1");
    CHECK(page.status == 200);
    CHECK(header(page, "Referrer-Policy") == "same-origin");
    CHECK(world.post_as("", "do=ack&by=x", "http://evil.example").status == 403);
    CHECK(world.post_as("", "do=ack&by=engineer-a").status == 303);
    CHECK(world.request("GET", "/incidents/INC-1", "", EngineWorld::with("host", "evil.example"))
              .status == 421);
}

TEST_CASE("what no form of ours would send is refused in plain words") {
    PageWorld world;
    const std::string key = PageWorld::key("engineer-a");
    for (const char* form :
         {"", "do=", "do=close", "do=note", "do=note&text=+", "do=note&text=%zz", "ack",
          "&&&=&=", "a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1&a=1"}) {
        CAPTURE(form);
        CHECK(world.post(key, form).status == 400);
    }
    auto json = PageWorld::with_key(key);
    json.headers.emplace_back("content-type", "application/json");
    CHECK(world.request("POST", "/incidents/INC-1", "{}", json).status == 400);
    CHECK(world.post(key, "do=note&text=" + std::string(65'537, 'x')).status == 400);
    CHECK(world.post(key, std::string(core::limits::page_form_bytes_max + 1, 'x')).status == 413);
    CHECK(world.request("PUT", "/incidents/INC-1", "", PageWorld::with_key(key)).status == 405);
}

TEST_CASE("a store that fails is said in words, and the act is not lost in silence") {
    const std::uint64_t next_commit = PageWorld().store.commits() + 1;
    PageWorld world(with_tokens(), {{next_commit, shell::StoreFault{}}});
    const auto reply = world.post(PageWorld::key("engineer-a"), "do=ack");
    CHECK(reply.status == 503);
    CHECK(has(reply.body, "Try again"));
    CHECK_FALSE(world.incident().acknowledged_at);
}

TEST_CASE(
    "the analysis and its invitation are files, once there is something to invite to [H-66]") {
    PageWorld world;
    const auto get = [&](const char* path) {
        return world.request("GET", path, "", EngineWorld::with("authorization", "Bearer reads"));
    };
    const auto markdown = get("/api/v1/incidents/INC-1/analysis.md");
    CHECK(markdown.status == 200);
    CHECK(markdown.content_type == "text/markdown; charset=utf-8");
    CHECK(header(markdown, "Content-Disposition") ==
          "attachment; filename=\"2026-03-01-disk-full.md\"");
    CHECK(has(markdown.body, "## In what ways did our systems surprise us?"));
    const auto html = get("/api/v1/incidents/INC-1/analysis.html");
    CHECK(html.status == 200);
    CHECK(has(header(html, "Content-Security-Policy"), "default-src 'none'"));
    const auto early = get("/api/v1/incidents/INC-1/analysis.ics");
    CHECK(early.status == 404);
    CHECK(has(early.body, "still open"));
    CHECK(get("/api/v1/incidents/INC-9/analysis.md").status == 404);
    CHECK(get("/api/v1/incidents/seven/analysis.ics").status == 404);
    CHECK(world.request("GET", "/api/v1/incidents/INC-1/analysis.md").status == 401);
}

TEST_CASE("the analysis has every entry of a timeline that the page cuts [H-67]") {
    PageWorld world;
    for (int i = 0; i < 1'200; ++i) {
        (void)world.give(core::CommandGiven{
            .incident = 1, .by = "b", .command = core::Note{"note " + std::to_string(i) + "."}});
    }
    world.runtime.run_until_idle();
    const auto head = EngineWorld::with("authorization", "Bearer reads");
    const auto whole = world.request("GET", "/api/v1/incidents/INC-1/analysis.md", "", head);
    CHECK(has(whole.body, "note 0."));
    CHECK(has(whole.body, "note 1199."));
    CHECK_FALSE(has(whole.body, "only its newest part"));
    const auto page = world.open(PageWorld::key("engineer-a"));
    CHECK_FALSE(has(page.body, "note 0."));
    CHECK(has(page.body, "note 1199."));
    CHECK(has(page.body, "Older entries"));
}
