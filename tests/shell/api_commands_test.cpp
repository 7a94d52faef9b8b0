// Commands and reads over HTTP: status codes, idempotence, and what is said back.

#include <doctest/doctest.h>

#include "integrations/json.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

std::string declare(EngineWorld& world) {
    const auto reply = world.request("POST", "/api/v1/incidents",
                                     R"({"title":"signup is broken","by":"engineer-a"})");
    CHECK(reply.status == 201);
    const auto body = integrations::parse_json(reply.body);
    REQUIRE(body);
    return body->text_at("id").value_or("");
}

}  // namespace

TEST_CASE("declaring answers 201 with the incident: active, major, led by who declared it [H-06]") {
    EngineWorld world;
    world.load_rules();
    const auto reply = world.request("POST", "/api/v1/incidents",
                                     R"({"title":"signup is broken","by":"engineer-a"})");
    CHECK(reply.status == 201);
    const auto body = integrations::parse_json(reply.body);
    REQUIRE(body);
    CHECK(body->text_at("id") == "INC-1");
    CHECK(body->text_at("title") == "signup is broken");
    CHECK(body->text_at("state") == "active");
    CHECK(body->text_at("severity") == "major");
    CHECK(body->text_at("lead") == "engineer-a");
    CHECK(body->find("timeline") != nullptr);
    CHECK(world.taken.size() == 1);
}

TEST_CASE("a command whose aim is already reached answers 200 and changes nothing") {
    struct Row {
        const char* sentence;
        const char* command;
        const char* body;
    };
    const std::vector<Row> rows = {
        {"acknowledging twice", "ack", R"({"by":"b"})"},
        {"closing twice", "close", R"({"by":"b","cause":"x","fix":"y"})"},
        {"declining twice", "decline", R"({"by":"b","reason":"a drill"})"},
        {"the severity it has", "severity", R"({"by":"b","severity":"minor","reason":"x"})"},
        {"the lead it has", "lead", R"({"by":"b","person":"c"})"},
        {"the status page entry there is", "statuspage",
         R"({"by":"b","status":"investigating","message":"We are on it."})"},
        {"the banner that is off", "banner", R"({"by":"b","on":false})"},
        {"the fix is in place already", "monitoring", R"({"by":"b","text":"rolled back"})"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.sentence);
        EngineWorld world;
        world.load_rules();
        const std::string path = "/api/v1/incidents/" + declare(world) + "/" + row.command;
        CHECK(world.request("POST", path, row.body).status == 200);
        const auto commits = world.store.commits();
        CHECK(world.request("POST", path, row.body).status == 200);
        CHECK(world.store.commits() == commits);
    }
}

TEST_CASE("a command that cannot be carried out says why, with the status that fits") {
    struct Row {
        const char* sentence;
        const char* path;
        const char* body;
        int status;
    };
    const std::vector<Row> rows = {
        {"an unknown incident", "/api/v1/incidents/INC-9/ack", R"({"by":"b"})", 404},
        {"no incident at all", "/api/v1/incidents/seven/ack", R"({"by":"b"})", 404},
        {"an unknown command", "/api/v1/incidents/INC-1/explode", R"({"by":"b"})", 404},
        {"nobody", "/api/v1/incidents/INC-1/ack", "{}", 400},
        {"no JSON", "/api/v1/incidents/INC-1/ack", "by me", 400},
        {"a list", "/api/v1/incidents/INC-1/ack", "[]", 400},
        {"closing without a cause", "/api/v1/incidents/INC-1/close", R"({"by":"b"})", 400},
        {"declining without a reason", "/api/v1/incidents/INC-1/decline", R"({"by":"b"})", 400},
        {"an empty note", "/api/v1/incidents/INC-1/note", R"({"by":"b","text":" "})", 400},
        {"no such severity", "/api/v1/incidents/INC-1/severity",
         R"({"by":"b","severity":"huge","reason":"x"})", 400},
        {"involving nobody", "/api/v1/incidents/INC-1/involve", R"({"by":"b"})", 400},
        {"a status page entry without a status", "/api/v1/incidents/INC-1/statuspage",
         R"({"by":"b","message":"We are on it."})", 400},
        {"a banner neither on nor off", "/api/v1/incidents/INC-1/banner", R"({"by":"b"})", 400},
        {"a banner that is on by word", "/api/v1/incidents/INC-1/banner",
         R"({"by":"b","on":"yes"})", 400},
        {"marketing asked with a number", "/api/v1/incidents/INC-1/comms", R"({"by":"b","text":7})",
         400},
        {"reopening without a reason", "/api/v1/incidents/INC-1/reopen", R"({"by":"b"})", 400},
        {"merging into nothing", "/api/v1/incidents/INC-1/merge", R"({"by":"b"})", 400},
        {"merging into a word", "/api/v1/incidents/INC-1/merge", R"({"by":"b","into":"eight"})",
         400},
        {"merging into half an incident", "/api/v1/incidents/INC-1/merge",
         R"({"by":"b","into":8.5})", 400},
        {"skipping without a reason", "/api/v1/incidents/INC-1/skip", R"({"by":"b"})", 400},
        {"a title that is a number", "/api/v1/incidents", R"({"by":"b","title":7})", 400},
        {"declaring nothing", "/api/v1/incidents", R"({"by":"b"})", 400},
    };
    EngineWorld world;
    world.load_rules();
    (void)declare(world);
    for (const auto& row : rows) {
        CAPTURE(row.sentence);
        const auto reply = world.request("POST", row.path, row.body);
        CHECK(reply.status == row.status);
        const auto body = integrations::parse_json(reply.body);
        REQUIRE(body);
        const auto* error = body->find("error");
        REQUIRE(error != nullptr);
        CHECK(error->text_at("code").has_value());
        CHECK_FALSE(error->text_at("message").value_or("").empty());
    }
}

TEST_CASE("an error of a command names the field that it is about") {
    struct Row {
        const char* command;
        const char* body;
        const char* field;
    };
    const std::vector<Row> rows = {
        {"involve", R"({"by":"b","person":["c"]})", "person"},
        {"statuspage", R"({"by":"b","status":null})", "status"},
        {"banner", R"({"by":"b","on":1})", "on"},
        {"merge", R"({"by":"b","into":"INC-0"})", "into"},
        {"reopen", R"({"by":"b","reason":"  "})", "reason"},
        {"skip", R"({"reason":"nothing to learn"})", "by"},
    };
    EngineWorld world;
    world.load_rules();
    const std::string path = "/api/v1/incidents/" + declare(world) + "/";
    for (const auto& row : rows) {
        CAPTURE(row.command);
        const auto reply = world.request("POST", path + row.command, row.body);
        CHECK(reply.status == 400);
        const auto body = integrations::parse_json(reply.body);
        REQUIRE(body);
        CHECK(body->find("error")->text_at("field") == row.field);
    }
}

TEST_CASE(
    "a status page entry and a banner over HTTP, with what stands in their way [H-51] [H-52]") {
    EngineWorld world;
    world.load_rules();
    const auto declared =
        world.request("POST", "/api/v1/incidents",
                      R"({"title":"signup is broken","severity":"critical","by":"engineer-a"})");
    REQUIRE(declared.status == 201);
    struct Row {
        const char* command;
        const char* body;
        int status;
        const char* expected;
    };
    const std::vector<Row> rows = {
        {"statuspage", R"({"by":"b","status":"fixed"})", 400, "or resolved"},
        {"statuspage", R"({"by":"b","status":"identified"})", 200, R"("status":"identified")"},
        {"banner", R"({"by":"b","on":true})", 409, "only the lead (engineer-a)"},
        {"banner", R"({"by":"engineer-a","on":true})", 400, "status_page_url"},
        {"banner", R"({"by":"engineer-a","on":true,"text":"<b>"})", 400, "HTML"},
        {"banner",
         R"b({"by":"engineer-a","on":true,"text":"Late. [More](https://status.example.com)"})b",
         200, R"("banner":{"on":true)"},
        {"banner", R"({"by":"b","on":false})", 200, R"("banner":{"on":false)"},
        {"comms", R"({"by":"b"})", 409, "contacts: {marketing:"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.body);
        const auto reply =
            world.request("POST", std::string("/api/v1/incidents/INC-1/") + row.command, row.body);
        CHECK(reply.status == row.status);
        CHECK_MESSAGE(reply.body.find(row.expected) != std::string::npos, reply.body);
    }
}

TEST_CASE("an unknown command is answered with the names of those there are") {
    EngineWorld world;
    world.load_rules();
    const auto reply =
        world.request("POST", "/api/v1/incidents/" + declare(world) + "/explode", R"({"by":"b"})");
    for (const char* name :
         {"ack", "close", "decline", "note", "severity", "lead", "involve", "statuspage", "banner",
          "comms", "monitoring", "reopen", "merge", "skip"}) {
        CAPTURE(name);
        CHECK(reply.body.find(name) != std::string::npos);
    }
}

TEST_CASE("members of a command's body that nobody knows are passed over") {
    EngineWorld world;
    world.load_rules();
    const std::string path = "/api/v1/incidents/" + declare(world) + "/monitoring";
    const auto reply = world.request("POST", path, R"({"by":"b","text":"rolled back","mood":[1]})");
    CHECK(reply.status == 200);
    CHECK(reply.body.find("rolled back") != std::string::npos);
}

TEST_CASE("closing while a signal still holds is a conflict that force overrides") {
    EngineWorld world;
    world.load_rules();
    (void)world.give(world.alert("a"));
    world.runtime.run_until_idle();
    const std::string path = "/api/v1/incidents/INC-1/close";
    CHECK(world.request("POST", path, R"({"by":"b","cause":"x","fix":"y"})").status == 409);
    CHECK(world.request("POST", path, R"({"by":"b","force":"known"})").status == 200);
    CHECK(world.request("POST", "/api/v1/incidents/INC-1/ack", R"({"by":"b"})").status == 409);
}

TEST_CASE("lists are filtered, bounded, and refuse what they do not understand") {
    EngineWorld world;
    world.load_rules();
    for (const char* instance : {"a", "b", "c"}) (void)world.give(world.alert(instance));
    world.runtime.run_until_idle();
    const auto list = [&](const char* path, const char* name, const char* value) {
        shell::HttpIn head;
        if (*name != '\0') head.query.emplace_back(name, value);
        return world.request("GET", path, "", std::move(head));
    };
    const auto count = [](const shell::HttpReply& reply, const char* name) {
        const auto body = integrations::parse_json(reply.body);
        REQUIRE(body);
        REQUIRE(body->find(name) != nullptr);
        return body->find(name)->items().size();
    };
    CHECK(count(list("/api/v1/incidents", "", ""), "incidents") == 3);
    CHECK(count(list("/api/v1/incidents", "limit", "2"), "incidents") == 2);
    CHECK(count(list("/api/v1/incidents", "before", "INC-2"), "incidents") == 1);
    CHECK(count(list("/api/v1/incidents", "state", "triage"), "incidents") == 3);
    CHECK(count(list("/api/v1/incidents", "state", "closed"), "incidents") == 0);
    CHECK(count(list("/api/v1/verdicts", "outcome", "incident"), "verdicts") == 3);
    CHECK(count(list("/api/v1/rules", "", ""), "rules") == 1);
    CHECK(list("/api/v1/incidents", "state", "open").status == 400);
    CHECK(list("/api/v1/incidents", "limit", "0").status == 400);
    CHECK(list("/api/v1/incidents", "limit", "1001").status == 400);
    CHECK(list("/api/v1/verdicts", "since", "yesterday").status == 400);
    CHECK(list("/api/v1/incidents/INC-9", "", "").status == 404);
}
