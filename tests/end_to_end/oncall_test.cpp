// The real daemon and its command line on who is on call, what is handed over, and reloads.

#include <doctest/doctest.h>

#include <string>

#include "support/shared_data.hpp"
#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;
using integrations::Json;

namespace {

std::string people_file(const std::string& first) {
    return "people: [{name: " + first +
           "}, {name: engineer-b}]\n"
           "schedules: [{name: first-line, layers: [{people: [" +
           first +
           ", engineer-b], rotate: 520w, start: \"2024-01-01T00:00\"}]}]\n"
           "escalation: [{notify: [schedule/first-line]}, {notify: "
           "[schedule/first-line#others], wait: 2m}]\n";
}

}  // namespace

TEST_CASE("the command line says who is on call and what is handed over [H-07] [H-41]") {
    REQUIRE(std::filesystem::exists(binary()));
    TestDaemon daemon({.extra = "oncall: people.yaml"});
    write_file(daemon.folder() / "people.yaml", people_file("engineer-a"));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());

    const Output now = daemon.command({"oncall"});
    CHECK(now.status == 0);
    CHECK(now.text.find("UTC: engineer-a\n") != std::string::npos);
    CHECK(now.text.find("schedule/first-line#others  engineer-b  2m") != std::string::npos);
    CHECK(daemon.command({"status"}).text.find("On call: engineer-a\n") != std::string::npos);

    const Output range = daemon.command({"oncall", "--from", "1999-01-01T00:00:00Z"});
    CHECK(range.status == 1);
    CHECK(range.text.find("on-call is expanded from") != std::string::npos);

    CHECK(daemon.command({"oncall", "--handover"}).text.find("Nothing is open.") !=
          std::string::npos);
    const std::string body = R"({"title":"Signup is slow","by":"engineer-b"})";
    REQUIRE(daemon.post("/api/v1/incidents", body).status == 201);
    const Output note = daemon.command({"oncall", "--handover"});
    CHECK(note.status == 0);
    CHECK(note.text.find("first-line: engineer-a stays on call") != std::string::npos);
    CHECK(note.text.find("Signup is slow") != std::string::npos);

    const auto both =
        integrations::parse_json(daemon.command({"oncall", "--handover", "--json"}).text);
    REQUIRE(both);
    CHECK(both->find("oncall")->find("on_call")->dump() == R"(["engineer-a"])");
    CHECK(both->find("incidents")->items().size() == 1);
}

TEST_CASE("a reload brings new people, a broken on-call file keeps the old ones") {
    REQUIRE(std::filesystem::exists(binary()));
    TestDaemon daemon({.extra = "oncall: people.yaml"});
    const auto file = daemon.folder() / "people.yaml";
    write_file(file, people_file("engineer-a"));
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const auto on_call = [&] { return daemon.json("/api/v1/oncall").find("on_call")->dump(); };
    write_file(file, people_file("engineer-c"));
    CHECK(daemon.post("/-/reload", "").status == 200);
    CHECK(on_call() == R"(["engineer-c"])");
    write_file(file, "people: [{name: x}]\nschedules: [{name: s, layers: [{people: [y]}]}]\n");
    CHECK(daemon.post("/-/reload", "").status == 500);
    CHECK(on_call() == R"(["engineer-c"])");
}
