#!/usr/bin/env python3
"""Writes N records in the form of the Hub's model list, one JSON object a line, the same ones for the same N.

usage: make_listing.py N OUT.jsonl
"""
import json, random, sys

count, out = int(sys.argv[1]), sys.argv[2]
rng = random.Random(20261121)
FAMILIES = ["bert", "llama", "mistral", "qwen2", "t5", "vit", "whisper", "gpt2"]
TASKS = ["text-generation", "fill-mask", "text-classification", "image-classification", "text-to-image", None]
LIBRARIES = ["transformers", "diffusers", "peft", "sentence-transformers", None]
LICENSES = ["apache-2.0", "mit", "openrail", "llama3.1", "gemma", "other", None]
LANGUAGES = ["en", "de", "zh", "fr", "es", "ja"]
FILES = [".gitattributes", "README.md", "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]
owners = max(4, count // 6)


def day():
    return f"202{rng.randrange(2, 7)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}T10:{rng.randrange(60):02d}:00.000Z"


with open(out, "w") as file:
    for number in range(count):
        family, license, task, library = (rng.choice(x) for x in (FAMILIES, LICENSES, TASKS, LIBRARIES))
        owner = f"org-{int(owners * rng.random() ** 3)}"
        languages = rng.sample(LANGUAGES, rng.randrange(3))
        datasets = [f"dataset-{n}" for n in rng.sample(range(500), rng.randrange(4))]
        base = f"org-{rng.randrange(owners)}/{family}-7b" if rng.random() < 0.6 else None
        tags = [library, "safetensors", family, *languages, *(f"dataset:{d}" for d in datasets), license and f"license:{license}",
                base and f"base_model:{base}", base and f"base_model:finetune:{base}", "endpoints_compatible", "region:us"]
        if rng.random() < 0.4: tags.append(f"arxiv:{rng.randrange(1801, 2612)}.{rng.randrange(10000, 99999)}")
        shards = rng.choice([1, 1, 1, 2, 4])
        weights = ["model.safetensors"] if shards == 1 else [f"model-{k:05d}-of-{shards:05d}.safetensors" for k in range(1, shards + 1)]
        card = {"license": license, "language": languages, "datasets": datasets, "base_model": base}
        file.write(json.dumps({
            "_id": f"{rng.getrandbits(96):024x}", "id": f"{owner}/{family}-{rng.randrange(1, 70)}b-run{number}", "author": owner,
            "sha": f"{rng.getrandbits(160):040x}", "createdAt": day(), "lastModified": day(), "private": False, "disabled": False,
            "gated": rng.choice([False] * 9 + ["auto"]), "downloads": int(10 ** (rng.random() ** 2 * 7)), "likes": int(10 ** (rng.random() ** 3 * 4)),
            "pipeline_tag": task, "library_name": library, "tags": [t for t in tags if t], "siblings": [{"rfilename": f} for f in FILES + weights],
            "config": {"architectures": [family.title()], "model_type": family, "tokenizer_config": {"chat_template": "x" * rng.randrange(400)}},
            "cardData": {k: v for k, v in card.items() if v}, "safetensors": {"parameters": {"BF16": rng.randrange(10**8, 10**10)}},
            "usedStorage": rng.randrange(10**8, 10**11)}, separators=(",", ":")) + "\n")
