#pragma once
// Sink: an outside system that takes deliveries, as pure functions effect -> request -> judgement.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "core/effect.hpp"
#include "core/ruleset.hpp"
#include "integrations/request.hpp"

namespace tocsin::integrations {

struct Accepted {
    std::string remote;
};
struct TryAgain {
    std::string reason;
    std::optional<Duration> retry_after = {};  // what the peer asked for
    bool rate_limited = false;                 // slows the whole lane, not only this incident
};
struct GiveUp {
    std::string reason;
};  // for good: a bad key, a bad request
using Judgement = std::variant<Accepted, TryAgain, GiveUp>;

/// What a lookup of an ambiguous delivery found.
enum class Found : std::uint8_t { yes, no, unknown };

/// Performs no I/O. Reasons carry no secret and at most 200 bytes of the peer's text, on one line.
class Sink {
public:
    virtual ~Sink() = default;
    /// An Error means that this effect can never be sent here (the delivery is dead). An empty
    /// optional means that this sink has nothing to do for this action, and it counts as done.
    [[nodiscard]] virtual Result<std::optional<Request>> request(const core::Effect& effect,
                                                                 Instant now) const = 0;
    [[nodiscard]] virtual Judgement judge(const core::Effect& effect, const Answer& answer) const;
    /// Peers without an idempotency key: asked before an ambiguous delivery is sent again.
    [[nodiscard]] virtual std::optional<Request> look_up(const core::Effect& effect) const;
    [[nodiscard]] virtual Found found(const core::Effect& effect, const Answer& answer) const;
};

/// The common judgement: 2xx accepted; 408, 425, 429, 5xx and no answer: again, honouring
/// Retry-After (seconds or HTTP date is ignored); every other status: give up.
[[nodiscard]] Judgement judge_by_status(const Answer& answer);

/// What a peer said, for people: valid UTF-8, one line, at most 200 bytes.
[[nodiscard]] std::string quote_peer(std::string_view text);

/// Judges by status, after every occurrence of the secret in what the peer said became `[secret]`:
/// some peers repeat the request that they refuse.
[[nodiscard]] Judgement judge_concealing(const Answer& answer, const Secret& secret);

/// An integration as configured: the row that everything else (lanes, metrics, check) iterates.
struct Integration {
    std::string name;
    std::string kind;
    core::Reach reach = core::Reach::nobody;
    int width = 1;                        // deliveries under way at once (pagers 4)
    std::optional<int> sends_per_minute;  // the peer's rate limit, kept by the lane
    bool can_page = false;
    bool can_confirm = false;  // its acceptance can be confirmed by webhook or REST
    core::Address address = core::Address::none;  // reach person: what it needs of one
    std::shared_ptr<const Sink> sink;             // null: the adapter comes with a later version
};

}  // namespace tocsin::integrations
