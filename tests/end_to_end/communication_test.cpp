// The real binary, commanded at a terminal: what customers are told, and what `show` says of it.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/test_daemon.hpp"

using namespace tocsin;
using namespace tocsin::support;

namespace {

struct Row {
    std::vector<std::string> arguments;
    int status;
    std::vector<std::string> expected;
};

void run(TestDaemon& daemon, const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        const Output output = daemon.command(row.arguments);
        std::string line;
        for (const std::string& word : row.arguments) line += word + " ";
        INFO(line, ": ", output.text);
        CHECK(output.status == row.status);
        for (const std::string& expected : row.expected) {
            INFO(expected);
            CHECK(output.text.find(expected) != std::string::npos);
        }
    }
}

}  // namespace

TEST_CASE(
    "the lead tells customers from a terminal, and `show` says what they read [H-45] [H-46]") {
    REQUIRE(std::filesystem::exists(binary()));
    TestDaemon daemon;
    REQUIRE_MESSAGE(daemon.start(), daemon.log());
    const std::string banner = "Events are late. [More info](https://status.example.com/)";
    run(daemon,
        {{{"declare", "Nobody can sign up", "--severity", "critical", "--by", "a"}, 0, {"INC-1"}},
         {{"show", "INC-1"}, 0, {"Tell customers", "not told yet", "Draft"}},
         {{"statuspage", "INC-1", "--status", "fixed", "--by", "a"}, 1, {"or resolved"}},
         {{"statuspage", "INC-1", "--by", "a"}, 2, {"--status"}},
         {{"statuspage", "INC-1", "Signup fails.", "--status", "identified", "--by", "a"},
          0,
          {"INC-1"}},
         {{"show", "INC-1"}, 0, {"Customers", "told at", "identified: Signup fails."}},
         {{"banner", "INC-1", "perhaps", "--by", "a"}, 2, {"on"}},
         {{"banner", "INC-1", "on", "INC-1 is bad", "--by", "a"}, 1, {"must link"}},
         {{"banner", "INC-1", "on", banner, "--by", "b"}, 1, {"only the lead (a)"}},
         {{"banner", "INC-1", "on", banner, "--by", "a"}, 0, {"INC-1"}},
         {{"show", "INC-1"}, 0, {"Banner", "on since", "by a", "Events are late."}},
         {{"banner", "INC-1", "off", "--by", "b"}, 0, {"INC-1"}},
         {{"show", "INC-1"}, 0, {"off since"}},
         {{"comms", "INC-1", "mail them", "--by", "a"}, 1, {"contacts: {marketing:"}}});
}
