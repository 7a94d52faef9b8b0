// One row per command: how its words and text become the struct that the engine obeys.
#include "support/history_commands.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/text.hpp"
#include "core/incident.hpp"

namespace tocsin::support {
namespace {

using namespace core;

struct Written {
    std::vector<std::string> words;  // without the incident and `by NAME`
    std::string text;

    [[nodiscard]] std::string word(std::size_t index) const {
        return index < words.size() ? words[index] : "";
    }
    /// The parts of the text between ` | `; empty where there are no more.
    [[nodiscard]] std::string part(std::size_t index) const {
        std::vector<std::string_view> parts = split(text, '|');
        return index < parts.size() ? std::string(trim(parts[index])) : "";
    }
};

Instant instant_of(const std::string& text) {
    Result<Instant> at = parse_rfc3339(text);
    REQUIRE_MESSAGE(at.has_value(), "no instant: " << text);
    return *at;
}

// maintenance by WHO NAME FROM TO [rules=a,b] [label=value …]: announcement
PlanMaintenance plan_of(const Written& it) {
    PlanMaintenance plan{.name = it.word(0),
                         .from = instant_of(it.word(1)),
                         .to = instant_of(it.word(2)),
                         .announcement = it.text};
    std::vector<Labels::Pair> match;
    for (std::size_t i = 3; i < it.words.size(); ++i) {
        const std::string_view word = it.words[i];
        const std::size_t equals = word.find('=');
        const std::string_view value = word.substr(equals + 1);
        if (word.starts_with("rules=")) {
            for (std::string_view rule : split(value, ',')) plan.rules.emplace_back(rule);
        } else {
            match.emplace_back(word.substr(0, equals), value);
        }
    }
    plan.match = Labels(std::move(match));
    return plan;
}

Severity severity_of(const std::string& word) {
    return severity_named(word).value_or(Severity::none);
}

using Make = std::function<Command(const Written&)>;

const std::map<std::string, Make>& makers() {
    static const std::map<std::string, Make> table = {
        {"ack", [](const Written&) { return Acknowledge{}; }},
        {"note", [](const Written& it) { return Note{it.text}; }},
        {"decline", [](const Written& it) { return Decline{it.text}; }},
        {"severity",
         [](const Written& it) {
             return ChangeSeverity{severity_of(it.word(0)), it.text};
         }},
        {"lead", [](const Written& it) { return TakeLead{it.word(0)}; }},
        {"declare",
         [](const Written& it) {
             return Declare{.title = it.text, .severity = severity_of(it.word(0)), .labels = {}};
         }},
        {"involve", [](const Written& it) { return Involve{it.word(0)}; }},
        {"statuspage",
         [](const Written& it) { return Publish{.message = it.text, .status = it.word(0)}; }},
        {"banner",
         [](const Written& it) { return SetBanner{.on = it.word(0) == "on", .text = it.text}; }},
        {"comms", [](const Written& it) { return AskComms{it.text}; }},
        {"monitoring", [](const Written& it) { return StartMonitoring{it.text}; }},
        {"close",
         [](const Written& it) {
             return Close{it.part(0), it.part(1), it.part(2)};
         }},
        {"reopen", [](const Written& it) { return Reopen{it.text}; }},
        {"merge", [](const Written& it) { return Merge{incident_number(it.word(0)).value_or(0)}; }},
        {"skip", [](const Written& it) { return Skip{it.text}; }},
        {"maintenance", plan_of},
        {"end-maintenance", [](const Written& it) { return EndMaintenance{it.word(0)}; }},
    };
    return table;
}

}  // namespace

CommandGiven command_of(const std::string& verb, std::vector<std::string> words,
                        const std::string& text) {
    const auto maker = makers().find(verb);
    REQUIRE_MESSAGE(maker != makers().end(), "there is no command " << verb);
    CommandGiven given;
    if (!words.empty()) {
        if (const auto number = incident_number(words.front())) {
            given.incident = *number;
            words.erase(words.begin());
        }
    }
    if (words.size() >= 2 && words.front() == "by") {
        given.by = words[1];
        words.erase(words.begin(), words.begin() + 2);
    }
    given.command = maker->second({std::move(words), text});
    return given;
}

}  // namespace tocsin::support
