#pragma once
// ScriptedNet: peers that answer as a test says, and a sink that sends them keys.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "integrations/sink.hpp"
#include "shell/net.hpp"
#include "shell/runtime_simulated.hpp"

namespace tocsin::test {

using integrations::Answer;
using integrations::HttpRequest;

inline Answer status(int code, std::optional<int> retry_after = {}) {
    Answer answer;
    answer.status = code;
    if (retry_after) answer.headers.emplace_back("retry-after", std::to_string(*retry_after));
    return answer;
}
inline Answer no_answer(Answer::Kind kind, std::string error) {
    Answer answer;
    answer.kind = kind;
    answer.error = std::move(error);
    return answer;
}
inline Answer unreachable() {
    return no_answer(Answer::Kind::unreachable, "connection refused");
}
inline Answer broken() {
    return no_answer(Answer::Kind::broken, "timed out");
}

/// Answers by the scheme of the URL ("pager:" …). Checks that a lane has one request at a time.
class ScriptedNet final : public shell::Net {
public:
    struct Sent {
        Instant at;
        shell::Lane lane;
        std::string key;  // the body: our sinks send the effect's key
        std::string url;
    };
    /// The answer and how long it takes.
    using Peer = std::function<std::pair<Answer, Duration>(const Sent&)>;

    explicit ScriptedNet(shell::RuntimeSimulated& runtime) : runtime_(runtime) {}

    void send(const shell::Lane& lane, integrations::Request request, Then then) override {
        const auto& http = std::get<HttpRequest>(request);
        const std::string name = http.url.substr(0, http.url.find(':'));
        Sent record{runtime_.now(), lane, http.body, http.url};
        sent.push_back(record);
        lanes_unshared = lanes_unshared && taken_.insert(lane).second;
        const auto peer = peers.find(name);
        auto [answer, takes] =
            peer == peers.end() ? std::pair{status(200), Duration{1000}} : peer->second(record);
        if (takes >= http.timeout) std::tie(answer, takes) = std::pair{broken(), http.timeout};
        runtime_.at(runtime_.now() + takes, [this, lane, answer = answer, then, life = life_] {
            if (life != life_) return;
            taken_.erase(lane);
            then(answer);
        });
    }
    void crash() {
        ++life_;
        taken_.clear();
    }
    [[nodiscard]] std::vector<std::string> keys(const std::string& scheme) const {
        std::vector<std::string> found;
        for (const Sent& each : sent) {
            if (each.url.starts_with(scheme + ":")) found.push_back(each.key);
        }
        return found;
    }

    std::map<std::string, Peer> peers;
    std::vector<Sent> sent;
    bool lanes_unshared = true;

private:
    shell::RuntimeSimulated& runtime_;
    std::set<shell::Lane> taken_;
    std::uint64_t life_ = 0;
};

/// Sends the effect's key to NAME:send, looks it up (if it can) at NAME:find (200 yes, 404 no).
class KeySink final : public integrations::Sink {
public:
    explicit KeySink(std::string name, bool can_look_up = false)
        : name_(std::move(name)), can_look_up_(can_look_up) {}
    Result<std::optional<integrations::Request>> request(const core::Effect& effect,
                                                         Instant) const override {
        if (effect.text == "impossible") return Error{"impossible", "cannot be sent"};
        if (effect.text == "nothing") return std::optional<integrations::Request>{};
        HttpRequest http;
        http.url = name_ + ":send";
        http.body = effect.key;
        return std::optional<integrations::Request>(std::move(http));
    }
    std::optional<integrations::Request> look_up(const core::Effect& effect) const override {
        if (!can_look_up_) return std::nullopt;
        HttpRequest http;
        http.url = name_ + ":find";
        http.body = effect.key;
        return http;
    }
    integrations::Found found(const core::Effect&, const Answer& answer) const override {
        if (answer.status == 200) return integrations::Found::yes;
        if (answer.status == 404) return integrations::Found::no;
        return integrations::Found::unknown;
    }

private:
    std::string name_;
    bool can_look_up_;
};

inline integrations::Integration pager(std::string name, int width = 4, bool can_look_up = false) {
    integrations::Integration row;
    row.name = name;
    row.kind = "test";
    row.width = width;
    row.sink = std::make_shared<KeySink>(std::move(name), can_look_up);
    return row;
}

}  // namespace tocsin::test
