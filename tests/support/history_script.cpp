// Reads the lines of a history and gives them to the world.
#include "support/history_script.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "config/zones.hpp"
#include "support/history_commands.hpp"

namespace tocsin::support {
namespace {

using namespace core;

struct Reading {
    HistoryWorld& world;
    std::vector<std::string> words;  // those behind the verb
    std::string text;                // behind `: `

    [[nodiscard]] const std::string& word(std::size_t index) const {
        REQUIRE_MESSAGE(index < words.size(), "a word is missing");
        return words[index];
    }
};

Duration span_of(const std::string& text) {
    Result<Duration> span = parse_duration(text);
    REQUIRE_MESSAGE(span.has_value(), "no duration: " << text);
    return *span;
}

Instant instant_after(const std::string& text, Instant now) {
    if (text.find('T') != std::string::npos) {
        Result<Instant> at = parse_rfc3339(text);
        REQUIRE_MESSAGE(at.has_value(), "no instant: " << text);
        return *at;
    }
    const std::string clock = text.size() == 5 ? text + ":00" : text;
    Result<Instant> today = parse_rfc3339(format_rfc3339(now).substr(0, 11) + clock + "Z");
    REQUIRE_MESSAGE(today.has_value(), "no time: " << text);
    return *today < now ? *today + hours(24) : *today;
}

AlertSeen alert_of(const Reading& reading) {
    std::vector<Labels::Pair> labels;
    std::vector<Labels::Pair> annotations;
    AlertSeen seen{.source = "am"};
    labels.emplace_back("alertname", reading.word(0));
    for (std::size_t i = 1; i < reading.words.size(); ++i) {
        const std::string_view word = reading.words[i];
        const std::size_t equals = word.find('=');
        REQUIRE_MESSAGE(equals != std::string_view::npos, "no label: " << word);
        const std::string_view value = word.substr(equals + 1);
        if (word.starts_with("source=")) {
            seen.source = value;
        } else if (word.starts_with('@')) {
            annotations.emplace_back(word.substr(1, equals - 1), value);
        } else {
            labels.emplace_back(word.substr(0, equals), value);
        }
    }
    seen.labels = Labels(std::move(labels));
    seen.annotations = Labels(std::move(annotations));
    return seen;
}

void fire(const Reading& reading) {
    AlertSeen seen = alert_of(reading);
    seen.starts_at = reading.world.now();
    reading.world.alerts[seen.source + seen.labels.to_string()] = seen;
    reading.world.send(seen);
}

void resolve(const Reading& reading) {
    const AlertSeen meant = alert_of(reading);
    const std::string name = meant.source + meant.labels.to_string();
    const auto known = reading.world.alerts.find(name);
    REQUIRE_MESSAGE(known != reading.world.alerts.end(), name << " has never fired");
    AlertSeen seen = known->second;
    seen.firing = false;
    seen.ends_at = reading.world.now();
    reading.world.send(seen);
}

// SOURCE or SOURCE{label="value",…}
Series series_of(std::string_view word, std::string_view value, std::string& source) {
    const std::size_t brace = word.find('{');
    source = word.substr(0, brace);
    Series series;
    if (brace != std::string_view::npos) {
        std::vector<std::pair<std::string, std::string>> pairs;
        for (std::string_view part : split(word.substr(brace + 1, word.size() - brace - 2), ',')) {
            const std::size_t equals = part.find('=');
            std::string text(part.substr(equals + 1));
            std::erase(text, '"');
            pairs.emplace_back(part.substr(0, equals), text);
        }
        std::vector<Labels::Pair> views(pairs.begin(), pairs.end());
        series.labels = Labels(std::move(views));
    }
    const std::optional<double> number = parse_number(value);
    REQUIRE_MESSAGE(number.has_value(), "no number: " << value);
    series.value = *number;
    return series;
}

void give_values(const Reading& reading) {
    const std::string& rule = reading.word(0);
    if (reading.word(1) == "off") return reading.world.stop_evaluating(rule);
    std::map<std::string, SourceAnswer> answers;
    for (std::size_t i = 1; i + 1 < reading.words.size(); i += 2) {
        const std::string& value = reading.words[i + 1];
        std::string source = reading.words[i];
        const bool trouble = value == "error" || value == "unreachable" || value == "partial";
        if (trouble || value == "none") {
            SourceAnswer& answer = answers[source];
            if (trouble) answer.kind = SourceAnswer::Kind::error;
            if (value == "partial") answer.kind = SourceAnswer::Kind::partial;
            answer.source_answered = value != "unreachable";
            if (trouble) answer.detail = value;
            continue;
        }
        Series series = series_of(reading.words[i], value, source);
        answers[source].series.push_back(std::move(series));
    }
    for (auto& [source, answer] : answers) {
        answer.source = source;
        reading.world.answer(rule, answer);
    }
    reading.world.evaluate(rule);
}

void set_peer(const Reading& reading) {
    static const std::map<std::string, Peer> peers = {
        {"up", Peer::up}, {"down", Peer::down}, {"refusing", Peer::refusing}};
    REQUIRE_MESSAGE(peers.contains(reading.word(1)), "no state of a peer: " << reading.word(1));
    reading.world.set_peer(reading.word(0), peers.at(reading.word(1)));
}

void say_oncall(const Reading& reading) {
    HistoryWorld& world = reading.world;
    const Roster& roster = world.state().ruleset->roster;
    for (std::size_t level = 0; level < roster.escalation.size(); ++level) {
        world.say(world.moment() + " on call " + std::to_string(level + 1) + ": " +
                  join(roster.level(level, world.now()), ", "));
    }
    const std::optional<Instant> next = roster.next_handover(world.now());
    if (next) world.say(world.moment() + " hands over at " + format_rfc3339(*next));
}

void confirm(const Reading& reading) {
    const std::uint64_t number = incident_number(reading.word(0)).value_or(0);
    for (const Page& page : reading.world.state().incidents.at(number).pages) {
        if (page.integration != reading.word(1)) continue;
        reading.world.send(PageConfirmed{number, page.integration, page.key});
        return;
    }
}

using Verb = std::function<void(const Reading&)>;

const std::map<std::string, Verb>& verbs() {
    static const std::map<std::string, Verb> table = {
        {"alert", fire},
        {"resolve", resolve},
        {"values", give_values},
        {"peer", set_peer},
        {"oncall", say_oncall},
        {"confirm", confirm},
        {"pass",
         [](const Reading& it) { it.world.pass_until(it.world.now() + span_of(it.word(0))); }},
        {"silent",
         [](const Reading& it) {
             it.world.send(SourceSilent{it.word(0), it.world.now(), "connection refused"});
         }},
        {"back", [](const Reading& it) { it.world.send(SourceBack{it.word(0)}); }},
        {"reload", [](const Reading& it) { it.world.load(); }},
        {"restart", [](const Reading& it) { it.world.restart(); }},
    };
    return table;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::string_view word : split(text, ' ')) {
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

void obey(HistoryWorld& world, std::string_view line) {
    const std::size_t colon = line.find(": ");
    std::vector<std::string> words = words_of(line.substr(0, colon));
    REQUIRE(!words.empty());
    std::string verb = words.front();
    words.erase(words.begin());
    if (verb == "begin") {
        if (words.size() > 1) world.show_zone(words[1]);
        return world.begin(instant_after(words.at(0), Instant{}));
    }
    if (verb == "at") {
        world.pass_until(instant_after(words.at(0), world.now()));
        if (words.size() == 1) return;
        return obey(world, line.substr(line.find(words[0]) + words[0].size() + 1));
    }
    std::string text(colon == std::string_view::npos ? "" : trim(line.substr(colon + 2)));
    Reading reading{world, std::move(words), std::move(text)};
    const auto known = verbs().find(verb);
    if (known != verbs().end()) return known->second(reading);
    world.send(command_of(verb, reading.words, reading.text));
}

/// `> file NAME` and the lines with `| ` behind it.
void take_file(HistoryWorld& world, std::string_view line,
               const std::vector<std::string_view>& lines, std::size_t next) {
    std::string text;
    for (; next < lines.size() && lines[next].starts_with("|"); ++next) {
        text +=
            std::string(lines[next].substr(std::min<std::size_t>(2, lines[next].size()))) + "\n";
    }
    world.set_file(std::string(trim(line.substr(5))), text);
}

}  // namespace

std::string tell_again(std::string_view history,
                       const std::function<std::string(const std::string&)>& read) {
    HistoryWorld world;
    world.set_file("tocsin.yaml", read("tests/histories/team/tocsin.yaml"));
    world.set_file("oncall.yaml", read("tests/histories/team/oncall.yaml"));
    world.set_file("rules.yaml", read("rules/handbook.yaml"));
    world.set_file("key", "0123456789abcdef0123456789abcdef\n");
    std::vector<std::string_view> lines = split(history, '\n');
    std::string told;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = lines[i];
        const bool written =
            line.starts_with("#") || line.starts_with(">") || line.starts_with("|") || line.empty();
        if (!written) continue;
        const bool last = i + 1 == lines.size();
        if (!last || !line.empty()) told += std::string(line) + "\n";
        if (!line.starts_with("> ")) continue;
        CAPTURE(line);
        const std::string_view command = trim(line.substr(2));
        if (command.starts_with("file ")) {
            take_file(world, command, lines, i + 1);
        } else {
            obey(world, command);
        }
        told += world.take_transcript();
    }
    return told;
}

}  // namespace tocsin::support
