-- The five reasons of the VEX minimum requirements.

INSERT INTO vex.justifications (justification_code, description)
VALUES
    ('component_not_present', 'The product does not contain the component'),
    ('vulnerable_code_not_present', 'The component is there without the vulnerable code'),
    ('vulnerable_code_not_in_execute_path', 'The vulnerable code is there and never runs'),
    ('vulnerable_code_cannot_be_controlled_by_adversary', 'The code runs, but an attacker cannot reach it'),
    ('inline_mitigations_already_exist', 'The product itself prevents the attack')
ON CONFLICT (justification_code) DO UPDATE
SET description = EXCLUDED.description
WHERE justifications.description IS DISTINCT FROM EXCLUDED.description;
