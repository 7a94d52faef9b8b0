#pragma once
// PollerWorld: poller and heartbeat among scripted sources, in simulated time.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "shell/heartbeat.hpp"
#include "shell/poller.hpp"
#include "shell/runtime_simulated.hpp"

namespace tocsin::test {

inline integrations::Answer http_answer(int status, std::string body) {
    integrations::Answer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}
inline integrations::Answer lost_answer(integrations::Answer::Kind kind) {
    integrations::Answer answer;
    answer.kind = kind;
    answer.error = "connection refused";
    return answer;
}
inline integrations::Answer vector_of(const std::string& value) {
    return http_answer(200, R"({"status":"success","data":{"resultType":"vector","result":[)"
                            R"({"metric":{"region":"us"},"value":[1,")" +
                                value + R"("]}]}})");
}
inline integrations::Answer no_series() {
    return http_answer(200, R"({"status":"success","data":{"resultType":"vector","result":[]}})");
}

/// Sources by the host part of their URL (http://us).
class SourceNet final : public shell::Net {
public:
    struct Asked {
        Instant at;
        shell::Lane lane;
        integrations::HttpRequest request;
    };
    using Peer = std::function<std::pair<integrations::Answer, Duration>(const Asked&)>;

    explicit SourceNet(shell::RuntimeSimulated& runtime) : runtime_(runtime) {}
    void send(const shell::Lane& lane, integrations::Request request, Then then) override {
        Asked record{runtime_.now(), lane, std::get<integrations::HttpRequest>(request)};
        asked.push_back(record);
        const std::string host = record.request.url.substr(7, record.request.url.find('/', 7) - 7);
        auto [answer, takes] = peers.at(host)(record);
        runtime_.at(runtime_.now() + takes, [answer = answer, then] { then(answer); });
    }

    std::map<std::string, Peer> peers;
    std::vector<Asked> asked;

private:
    shell::RuntimeSimulated& runtime_;
};

struct PollerWorld {
    explicit PollerWorld(Instant start)
        : runtime(start),
          net(runtime),
          heartbeat(runtime, report()),
          poller(runtime, net, heartbeat, report()) {}

    shell::Report report() {
        return [this](core::Event event, shell::Committed then) {
            runtime.at(runtime.now() + commit_takes, [this, event = std::move(event), then] {
                if (!store_failing) events.push_back(event);
                then(!store_failing);
            });
        };
    }
    template <class Kind>
    [[nodiscard]] std::vector<Kind> all() const {
        std::vector<Kind> found;
        for (const core::Event& event : events) {
            if (const auto* each = std::get_if<Kind>(&event)) found.push_back(*each);
        }
        return found;
    }
    /// Edges as text: "us silent (detail)", "us back".
    [[nodiscard]] std::vector<std::string> edges() const {
        std::vector<std::string> found;
        for (const core::Event& event : events) {
            if (const auto* silent = std::get_if<core::SourceSilent>(&event)) {
                found.push_back(silent->source + " silent (" + silent->detail + ")");
            } else if (const auto* back = std::get_if<core::SourceBack>(&event)) {
                found.push_back(back->source + " back");
            }
        }
        return found;
    }

    shell::RuntimeSimulated runtime;
    SourceNet net;
    std::vector<core::Event> events;
    bool store_failing = false;
    Duration commit_takes = milliseconds(1);
    shell::Heartbeat heartbeat;
    shell::Poller poller;
};

}  // namespace tocsin::test
