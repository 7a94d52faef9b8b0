// Who may do what: tokens, hosts, methods, bounds, and the endpoints that are open to all.

#include <doctest/doctest.h>

#include "core/limits.hpp"
#include "support/engine_world.hpp"

using namespace tocsin;
using namespace tocsin::test;

namespace {

shell::Access two_tokens() {
    shell::Access access;
    access.tokens.push_back({.name = "alertmanager",
                             .token = Secret("canary-alerts"),
                             .alerts = true,
                             .source = "am-us"});
    access.tokens.push_back({.name = "people",
                             .token = Secret("canary-people"),
                             .read = true,
                             .command = true,
                             .source = ""});
    return access;
}

const std::string nothing = R"({"version":"4","alerts":[]})";

}  // namespace

TEST_CASE("with tokens each endpoint needs one that may do it") {
    struct Row {
        const char* sentence;
        const char* method;
        const char* path;
        const char* authorization;
        int status;
    };
    const std::vector<Row> rows = {
        {"no token", "POST", "/api/v1/alertmanager", "", 401},
        {"an unknown token", "POST", "/api/v1/alertmanager", "Bearer canary-alert", 401},
        {"an empty token", "POST", "/api/v1/alertmanager", "Bearer ", 401},
        {"the token of another need", "POST", "/api/v1/alertmanager", "Bearer canary-people", 403},
        {"the right token", "POST", "/api/v1/alertmanager", "Bearer canary-alerts", 200},
        {"a lower-case scheme", "POST", "/api/v1/alertmanager", "bearer canary-alerts", 200},
        {"Basic with the token as password", "POST", "/api/v1/alertmanager",
         "Basic YW06Y2FuYXJ5LWFsZXJ0cw==", 200},
        {"Basic that is no base64", "POST", "/api/v1/alertmanager", "Basic ????", 401},
        {"reading with an alert token", "GET", "/api/v1/incidents", "Bearer canary-alerts", 403},
        {"reading with a people token", "GET", "/api/v1/incidents", "Bearer canary-people", 200},
        {"reloading without one", "POST", "/-/reload", "", 401},
        {"reloading as people", "POST", "/-/reload", "Bearer canary-people", 200},
        {"metrics are open", "GET", "/metrics", "", 200},
        {"health is open", "GET", "/-/healthy", "", 200},
        {"readiness is open", "GET", "/-/ready", "", 200},
    };
    for (const auto& row : rows) {
        CAPTURE(row.sentence);
        EngineWorld world({}, two_tokens());
        world.load_rules();
        world.api.set_ready(true);
        const auto reply =
            world.request(row.method, row.path, std::string(row.method) == "GET" ? "" : nothing,
                          EngineWorld::with("authorization", row.authorization));
        CHECK(reply.status == row.status);
        CHECK(reply.body.find("canary") == std::string::npos);
    }
}

TEST_CASE("a token's source is the alert's source, unless ?source= names another") {
    EngineWorld world({}, two_tokens());
    world.load_rules();
    const std::string body =
        R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"DiskFull"}}]})";
    auto head = EngineWorld::with("authorization", "Bearer canary-alerts");
    (void)world.request("POST", "/api/v1/alertmanager", body, head);
    CHECK(world.disk->journal.rbegin()->second.source == "am-us");
    head.query.emplace_back("source", "am-eu");
    (void)world.request("POST", "/api/v1/alertmanager", body, head);
    CHECK(world.disk->journal.rbegin()->second.source == "am-eu");
}

TEST_CASE("without tokens on loopback only our own names are answered, and no other site") {
    shell::Access access;
    access.local_names_only = true;
    access.host_allowed = "tocsin.example.com";
    struct Row {
        const char* sentence;
        const char* host;
        const char* origin;
        int status;
    };
    const std::vector<Row> rows = {
        {"an address", "127.0.0.1:9120", "", 200},
        {"an address of version 6", "[::1]:9120", "", 200},
        {"localhost", "localhost:9120", "", 200},
        {"the public name", "tocsin.example.com", "", 200},
        {"a name that was rebound to us", "evil.example.com:9120", "", 421},
        {"our own page", "localhost:9120", "http://localhost:9120", 200},
        {"another site's page", "localhost:9120", "http://evil.example.com", 403},
        {"a page without an origin", "localhost:9120", "null", 403},
    };
    for (const auto& row : rows) {
        CAPTURE(row.sentence);
        EngineWorld world({}, access);
        world.load_rules();
        auto head = EngineWorld::with("host", row.host);
        if (*row.origin != '\0') head.headers.emplace_back("origin", row.origin);
        const auto reply = world.request("POST", "/api/v1/alertmanager", nothing, head);
        CHECK(reply.status == row.status);
    }
}

TEST_CASE("paths, methods and queries out of bounds are refused before a body is read") {
    EngineWorld world;
    world.load_rules();
    const auto get = world.request("GET", "/-/reload");
    CHECK(get.status == 405);
    REQUIRE_FALSE(get.headers.empty());
    CHECK(get.headers[0] == std::pair<std::string, std::string>("Allow", "POST"));
    const auto put = world.request("PUT", "/api/v1/incidents");
    CHECK(put.status == 405);
    CHECK(put.headers[0].second == "GET, HEAD, POST");
    CHECK(world.request("GET", "/nothing").status == 404);
    CHECK(world.request("GET", "/" + std::string(core::limits::path_bytes_max, 'a')).status == 414);
    shell::HttpIn head;
    for (std::size_t i = 0; i <= core::limits::query_parameters_max; ++i) {
        head.query.emplace_back("a", "b");
    }
    CHECK(world.request("GET", "/-/healthy", "", head).status == 400);
}

TEST_CASE("readiness says what is missing, and reload hands the diagnostics back as text") {
    EngineWorld world;
    CHECK(world.request("GET", "/-/ready").status == 503);
    world.api.set_ready(true);
    world.api.set_settings({.access = {}, .ruleset = nullptr, .warnings = {"nobody\nis woken"}});
    const auto ready = world.request("GET", "/-/ready");
    CHECK(ready.status == 200);
    CHECK(ready.body.find("warning: nobody\\nis woken\n") != std::string::npos);
    CHECK(world.request("HEAD", "/-/ready").status == 200);
    CHECK(world.request("POST", "/-/reload").status == 200);
    world.reload_status = Error{"bad_config", "rules.yaml:3:1: error: unknown key"};
    const auto reload = world.request("POST", "/-/reload");
    CHECK(reload.status == 500);
    CHECK(reload.body == "rules.yaml:3:1: error: unknown key");
    CHECK(reload.content_type.starts_with("text/plain"));
}
