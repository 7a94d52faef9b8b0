#pragma once
// Clients: keep-alive connections that post body after body, and the receiver of pages.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "wire.hpp"

namespace tocsin::bench {

/// Answers every POST 200 and shows its body; the answer is on its way before `seen` is called.
std::uint16_t receive_pages(Loop& loop, std::function<void(std::string_view body)> seen);

struct Posting {
    std::uint16_t port = 0;
    std::string_view path;
    std::size_t bodies = 0;
    std::size_t connections = 1;
    std::function<std::string(std::size_t number)> body;
    std::function<void()> meanwhile;  // called now and then; may be empty
};

/// Posts them all, each connection its next when the last is answered. False, with a sentence on
/// stderr, when one is refused, a connection is lost or the time is over.
bool post_all(Loop& loop, const Posting& posting, double timeout_us);

/// The body of a GET, as it stands on the wire; empty when there is no answer.
std::string fetch(Loop& loop, std::uint16_t port, std::string_view path);

}  // namespace tocsin::bench
