"""The same customers, played by a language model behind any OpenAI-compatible address."""

from dataclasses import dataclass

import httpx

from benchmarks.talk.play import Customer, MindFailed


@dataclass(frozen=True, slots=True)
class ModelMind:
    """What a model says in a customer's place."""

    url: str
    model: str
    key: str = "none"

    async def next_words(self, customer: Customer, transcript: list[str]) -> str:
        """The next message, in one line."""
        wish = " / ".join(customer.says)
        told = (
            f"You are a {customer.mood} customer of a villa concierge in Bali and write WhatsApp messages in "
            f"{customer.language}. What you want: {wish}. Agree to a booking that fits. Answer with the next message "
            "only, one line."
        )
        said = [{"role": "system", "content": told}]
        said.append({"role": "user", "content": "\n".join(transcript) or "(you write first)"})
        try:
            async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
                answer = await http.post(
                    f"{self.url.rstrip('/')}/chat/completions",
                    json={"model": self.model, "messages": said, "max_tokens": 80},
                    headers={"Authorization": f"Bearer {self.key}"},
                )
            words = answer.raise_for_status().json()["choices"][0]["message"]["content"]
        except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError) as error:
            raise MindFailed(f"{self.model} gave no answer: {error!r}") from error
        lines = str(words or "").strip().splitlines()
        return lines[0][:300] if lines else "?"
