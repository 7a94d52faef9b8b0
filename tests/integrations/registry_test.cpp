// Reading `integrations:` entries: every kind, every problem, and no secret in any message.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "integrations/registry.hpp"

using namespace tocsin;
using namespace tocsin::integrations;

namespace {

using Settings = std::vector<std::pair<std::string, schema::Node>>;

schema::Node text(std::string value) {
    return {.kind = schema::Kind::string, .text = std::move(value)};
}

schema::Node number(std::string value) {
    return {.kind = schema::Kind::integer, .text = std::move(value)};
}

schema::Node map(Settings settings) {
    schema::Node node{.kind = schema::Kind::map};
    for (auto& [key, value] : settings) node.entries.push_back({.key = key, .value = value});
    return node;
}

schema::Node secret(const std::string& name = "S") {
    return map({{"env", text(name)}});
}

struct Read {
    std::optional<Integration> integration;
    std::vector<schema::Diagnostic> problems;
};

Read read(Settings settings, const std::string& secret_value = "super-secret-value") {
    schema::Diagnostics diagnostics;
    const schema::Reader reader{
        .file = "tocsin.yaml",
        .diagnostics = diagnostics,
        .fetch_secret = [&](const schema::SecretRef&) -> Result<std::string> {
            return secret_value;
        }};
    auto integration = read_integration(map(std::move(settings)), reader, {});
    return {std::move(integration), diagnostics.sorted()};
}

const std::string key_of_32 = "0123456789abcdef0123456789abcdef";

/// The entries of design §4.1, one of each kind.
std::vector<std::pair<std::string, Settings>> examples() {
    return {
        {"pagerduty", {{"routing_key", secret()}}},
        {"webhook", {{"url", text("https://x.example/y/")}, {"signing_secret", secret()}}},
        {"file", {{"path", text("/var/lib/tocsin/deliveries.jsonl")}}},
        {"slack",
         {{"bot_token", secret()},
          {"signing_secret", secret()},
          {"announce", text("#incidents")},
          {"command", text("/incident")}}},
        {"email", {{"smtp", text("smtps://mail.example")}, {"from", text("a@example.com")}}},
        {"incident_io", {{"api_key", secret()}, {"severities", map({{"major", text("Sev2")}})}}},
        {"statuspage",
         {{"page_id", text("p")},
          {"api_key", secret()},
          {"components", map({{"us", map({{"ingestion", text("abc123")}})}})}}},
        {"posthog_flag",
         {{"project", number("2")}, {"flag", number("984")}, {"api_key", secret()}}},
    };
}

}  // namespace

TEST_CASE("every kind of the registry reads its example, and says when it cannot be used yet") {
    std::vector<std::string> tried;
    for (auto& [kind, settings] : examples()) {
        CAPTURE(kind);
        tried.push_back(kind);
        settings.insert(settings.begin(), {{"name", text("n")}, {"kind", text(kind)}});
        const Read result = read(settings, key_of_32);
        REQUIRE(result.integration.has_value());
        CHECK(result.integration->name == "n");
        CHECK(result.integration->kind == kind);
        const bool available = result.integration->sink != nullptr;
        CHECK(result.problems.size() == (available ? 0 : 1));
        if (!available) {
            CHECK(result.problems[0].level == schema::Level::warning);
            CHECK(result.problems[0].message ==
                  "`" + kind + "` is not built yet: nothing is sent to it");
        }
    }
    std::vector<std::string> known;
    for (const IntegrationKind& kind : integration_kinds()) known.push_back(kind.name);
    CHECK(tried == known);
}

TEST_CASE("what an integration can do stands in its row") {
    const auto row = [](const std::string& kind) {
        for (const IntegrationKind& each : integration_kinds()) {
            if (each.name == kind) return each;
        }
        return IntegrationKind{};
    };
    CHECK(row("pagerduty").reach == core::Reach::service);
    CHECK(row("pagerduty").width == 4);
    CHECK(row("pagerduty").sends_per_minute == 100);
    CHECK(row("webhook").reach == core::Reach::person);
    CHECK(row("file").reach == core::Reach::nobody);
    CHECK(row("email").reach == core::Reach::person);
    CHECK(row("email").width == 4);
    CHECK(row("email").address == core::Address::email);
    CHECK(row("webhook").address == core::Address::none);
    for (const std::string kind : {"pagerduty", "webhook", "file", "email"}) {
        CHECK(row(kind).can_page);
    }
    CHECK_FALSE(row("statuspage").can_page);
}

TEST_CASE("a wrong entry is refused with what to do, and a message never holds a secret") {
    struct Row {
        std::string why;
        Settings settings;
        std::string message;  // a part of one
    };
    const auto entry = [](const std::string& kind, Settings more) {
        more.insert(more.begin(), {{"name", text("n")}, {"kind", text(kind)}});
        return more;
    };
    const std::vector<Row> rows = {
        {"no kind", {{"name", text("n")}}, "needs `kind`"},
        {"no name", {{"kind", text("file")}, {"path", text("/x")}}, "needs `name`"},
        {"an empty name",
         {{"name", text("")}, {"kind", text("file")}, {"path", text("/x")}},
         "`name` is empty"},
        {"an unknown kind", entry("pagerdtuy", {}), "pagerdtuy"},
        {"a required setting is missing", entry("pagerduty", {}), "routing_key"},
        {"an unknown setting", entry("file", {{"path", text("/x")}, {"pth", text("/y")}}), "pth"},
        {"a secret that stands in the file", entry("pagerduty", {{"routing_key", text("abc")}}),
         ""},
        {"an address without a scheme", entry("webhook", {{"url", text("x.example")}}),
         "not the address of a server"},
        {"an address without a host", entry("webhook", {{"url", text("https:///")}}),
         "not the address of a server"},
        {"an address with a line break", entry("webhook", {{"url", text("http://a\r\nb")}}),
         "not the address of a server"},
        {"an empty path", entry("file", {{"path", text("")}}), "`path` is empty"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.why);
        const Read result = read(row.settings);
        CHECK_FALSE(result.integration.has_value());
        REQUIRE_FALSE(result.problems.empty());
        bool found = false;
        for (const schema::Diagnostic& problem : result.problems) {
            found = found || problem.message.find(row.message) != std::string::npos;
            CHECK(problem.message.find("super-secret-value") == std::string::npos);
        }
        CHECK(found);
    }
}

TEST_CASE("a routing key of another length is a warning that does not print it") {
    const Read result = read(
        {{"name", text("n")}, {"kind", text("pagerduty")}, {"routing_key", secret()}}, "short");
    CHECK(result.integration.has_value());
    REQUIRE(result.problems.size() == 1);
    CHECK(result.problems[0].message == "the routing key has 5 characters, PagerDuty's have 32");
}

TEST_CASE("the shape for editors lists every kind with its settings") {
    const schema::Shape shape = integration_shape();
    CHECK(shape.variants.size() == integration_kinds().size());
    for (const schema::Variant& variant : shape.variants) {
        CHECK_FALSE(variant.help.empty());
        CHECK_FALSE(variant.table->fields.empty());
        for (const schema::FieldShape& field : variant.table->fields) {
            CHECK_FALSE(field.help.empty());
        }
    }
}
