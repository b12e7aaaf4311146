//! An int8 BERT encoder for the CPU: tokenizer, weights, kernels. Knows nothing of policies.
